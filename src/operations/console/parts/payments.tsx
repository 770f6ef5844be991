import type { JSX } from 'preact';
import type { FieldFault } from '../../../platform/http/problem.js';
import type { FoundPaymentDto, FoundScanDto, Page } from '../../search/search.dto.js';
import { usePageView } from './page-view.js';
import { BulkChoice, bulkAddress } from './bulk.js';
import { CsrfField } from './forms.js';
import { PaymentFilters } from './payment-filters.js';
import { PaymentList } from './payment-list.js';
import { ScanList } from './scan-list.js';

export interface PaymentsProps {
  readonly asked: Readonly<Record<string, string>>;
  readonly page?: Page<FoundPaymentDto>;
  /** The scans and customers with this id, when no payment has it. */
  readonly scans?: readonly FoundScanDto[];
  readonly faults: readonly FieldFault[];
}

type Quick = readonly [name: string, query: string];

/** The most frequent searches. */
const QUICK: readonly Quick[] = [
  ['All', ''],
  ['Paid', 'status=PAID'],
  ['Being debited', 'status=DEBITING'],
  ['Awaiting the payer', 'status=AWAITING_CONFIRMATION'],
  ['Held', 'status=HELD'],
  ['Not acknowledged yet', 'notificationStatus=PENDING'],
  ['Parked', 'notificationStatus=PARKED'],
  ['Refused by Alipay+', 'notificationStatus=REJECTED'],
];

/** The search. All of it is in the address, which can be kept and passed on. */
export function Payments({ asked, page, scans = [], faults }: PaymentsProps): JSX.Element {
  return (
    <>
      <div class="head">
        <h1>Payments</h1>
        {page !== undefined && <span class="quiet">{totalText(page)}</span>}
        {page !== undefined && page.items.length > 0 && <ExportLink asked={asked} />}
      </div>
      <nav class="quick" aria-label="Frequent searches">
        {QUICK.map(([name, query]) => (
          <a
            key={name}
            href={chipAddress(asked, query)}
            aria-current={isAsked(asked, query) ? 'true' : undefined}
          >
            {name}
          </a>
        ))}
      </nav>
      <PaymentFilters asked={asked} faults={faults} />
      {scans.length > 0 && <ScanList scans={scans} />}
      {page !== undefined && scans.length === 0 && <Found asked={asked} page={page} />}
    </>
  );
}

/** Whether the filter of a chip is in force, maybe beside others; the first chip means no filter. */
function isAsked({ cursor: _cursor, ...asked }: PaymentsProps['asked'], query: string): boolean {
  if (query === '') return Object.keys(asked).length === 0;
  return [...new URLSearchParams(query)].every(([name, value]) => asked[name] === value);
}

/** A click adds the chip's filter, replacing one of the same name; a second click removes it. */
function chipAddress(asked: PaymentsProps['asked'], query: string): string {
  if (query === '') return '/console/payments';
  const { cursor: _cursor, q: _q, ...others } = asked;
  const wanted = new URLSearchParams(others);
  for (const [name, value] of new URLSearchParams(query)) {
    if (isAsked(asked, query)) wanted.delete(name);
    else wanted.set(name, value);
  }
  return `/console/payments?${wanted.toString()}`;
}

function totalText({ total, recognisedAs }: Page<FoundPaymentDto>): string {
  const count = `${total.isEstimate ? 'about ' : ''}${total.value.toLocaleString('en')}`;
  const found = recognisedAs !== undefined && recognisedAs.length > 0 ? ` by ${recognisedAs.join(', ')}` : '';
  return `${count} found${found}`;
}

/** Exports all pages of the list. */
function ExportLink({
  asked: { cursor: _cursor, ...asked },
}: Pick<PaymentsProps, 'asked'>): JSX.Element | null {
  if (!usePageView().mayAct) return null;
  const query = new URLSearchParams(asked).toString();
  return (
    <a class="button" href={`/console/payments.csv${query === '' ? '' : `?${query}`}`} download>
      Export as CSV
    </a>
  );
}

function Found({ asked, page }: { asked: PaymentsProps['asked']; page: Page<FoundPaymentDto> }): JSX.Element {
  const { mayAct, address } = usePageView();
  if (page.items.length === 0) return <p class="empty">{emptyText(asked)}</p>;
  return (
    <>
      {mayAct ? (
        <form method="post" action={bulkAddress(address)}>
          <CsrfField />
          <PaymentList payments={page.items} />
          <BulkChoice />
        </form>
      ) : (
        <PaymentList payments={page.items} />
      )}
      <nav class="pages" aria-label="Pages">
        <PageLink asked={asked} cursor={page.prevCursor} rel="prev" text="← Earlier page" />
        <PageLink asked={asked} cursor={page.nextCursor} rel="next" text="Next page →" />
      </nav>
    </>
  );
}

function emptyText({ q, ...filters }: PaymentsProps['asked']): string {
  if (q !== undefined) return `Nothing is known under “${q}”.`;
  return Object.keys(filters).length === 0 ? 'There are no payments yet.' : 'No payment matches all filters.';
}

interface PageLinkProps {
  readonly asked: PaymentsProps['asked'];
  readonly cursor: string | undefined;
  readonly rel: 'prev' | 'next';
  readonly text: string;
}

function PageLink({ asked, cursor, rel, text }: PageLinkProps): JSX.Element {
  if (cursor === undefined) return <span />;
  const query = new URLSearchParams({ ...asked, cursor });
  return (
    <a class="button" rel={rel} href={`/console/payments?${query.toString()}`}>
      {text}
    </a>
  );
}
