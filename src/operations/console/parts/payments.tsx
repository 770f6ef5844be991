import type { JSX } from 'preact';
import type { FieldFault } from '../../../platform/http/problem.js';
import type { FoundPaymentDto, FoundScanDto, Page } from '../../search/search.dto.js';
import { PaymentFilters } from './payment-filters.js';
import { PaymentList } from './payment-list.js';
import { ScanList } from './scan-list.js';

export interface PaymentsProps {
  readonly asked: Readonly<Record<string, string>>;
  readonly page?: Page<FoundPaymentDto>;
  /** What the id that was looked for is known as, when it is known of no payment. */
  readonly scans?: readonly FoundScanDto[];
  readonly faults: readonly FieldFault[];
}

type Quick = readonly [name: string, query: string];

/** What is looked for most. */
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

/** The search: every part of it is in the address, which can be kept and handed on. */
export function Payments({ asked, page, scans = [], faults }: PaymentsProps): JSX.Element {
  return (
    <>
      <div class="head">
        <h1>Payments</h1>
        {page !== undefined && <span class="quiet">{totalText(page)}</span>}
      </div>
      <nav class="quick" aria-label="Frequent searches">
        {QUICK.map(([name, query]) => (
          <a
            key={name}
            href={query === '' ? '/console/payments' : `/console/payments?${query}`}
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

function isAsked({ cursor: _cursor, ...asked }: PaymentsProps['asked'], query: string): boolean {
  return new URLSearchParams(asked).toString() === query;
}

function totalText({ total, recognisedAs }: Page<FoundPaymentDto>): string {
  const count = `${total.isEstimate ? 'about ' : ''}${total.value.toLocaleString('en')}`;
  const found = recognisedAs !== undefined && recognisedAs.length > 0 ? ` by ${recognisedAs.join(', ')}` : '';
  return `${count} found${found}`;
}

function Found({ asked, page }: { asked: PaymentsProps['asked']; page: Page<FoundPaymentDto> }): JSX.Element {
  if (page.items.length === 0) return <p class="empty">{emptyText(asked)}</p>;
  return (
    <>
      <PaymentList payments={page.items} />
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
