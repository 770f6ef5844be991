import { isCurrency } from '../../../payment-order/order/money.js';
import type { FieldFault } from '../../../platform/http/problem.js';
import type { ListQuery, RangeQuery } from './list.query.js';
import type { EventsQuery } from './events.query.js';
import type { NotificationsQuery } from './notifications.query.js';
import type { PaymentsExportQuery, PaymentsQuery } from './payments.query.js';
import type { ScansQuery } from './scans.query.js';
import { refuse } from '../../operations.problems.js';
import { readingsOf, visible } from '../pasted-id.js';
import type { EventSearch, NotificationSearch, PaymentSearch, ScanSearch, Search } from '../search.js';
import { readTimeRange, type TimeRange } from './time-range.js';

const USUAL_LIMIT = 50;

/**
 * Makes a search of a query whose fields are each valid.
 *
 * @throws ProblemError naming the fields that do not fit together
 */
export function readPaymentSearch(query: PaymentsQuery): PaymentSearch {
  const { cursor, limit, ...rest } = query;
  return { ...readPaymentExport(rest), ...pageOf({ cursor, limit }) };
}

/** The same for an export, without pages. */
export function readPaymentExport(query: PaymentsExportQuery): Omit<PaymentSearch, 'cursor' | 'limit'> {
  const { q, from, to, zone, sort = '-createdAt', ...filters } = query;
  const { range, faults } = rangeOf(query);
  told([...faults, ...moneyFaults(query)]);
  return withFilters(filters, range, q, sort);
}

export function readScanSearch(query: ScansQuery): ScanSearch {
  const { q, from, to, zone, sort = '-createdAt', cursor, limit, ...filters } = query;
  const { range, faults } = rangeOf(query);
  told(faults);
  return { ...withFilters(filters, range, q, sort), ...pageOf({ cursor, limit }) };
}

export function readNotificationSearch(query: NotificationsQuery): NotificationSearch {
  const { q, from, to, zone, sort = '-createdAt', cursor, limit, ...filters } = query;
  const { range, faults } = rangeOf(query);
  told(faults);
  return { ...withFilters(filters, range, q, sort), ...pageOf({ cursor, limit }) };
}

export function readEventSearch(query: EventsQuery): EventSearch {
  const { q, from, to, zone, sort = '-createdAt', cursor, limit, ...filters } = query;
  const { range, faults } = rangeOf(query);
  told(faults);
  return { ...withFilters(filters, range, q, sort), ...pageOf({ cursor, limit }) };
}

/** An identifier is searched at all times; a range given with it is still checked. */
function rangeOf(query: RangeQuery): { range: TimeRange; faults: FieldFault[] } {
  const { range, faults } = readTimeRange(query);
  const isBlank = query.q !== undefined && readingsOf(query.q).length === 0;
  if (isBlank) faults.push({ field: 'q', rule: 'must hold an identifier' });
  return { range: query.q === undefined ? range : {}, faults };
}

function moneyFaults({ currency, amountMin, amountMax, sort }: PaymentsExportQuery): FieldFault[] {
  const faults: FieldFault[] = [];
  if (currency !== undefined && !isCurrency(currency)) {
    faults.push({ field: 'currency', rule: 'must be a currency code of ISO 4217' });
  }
  const isByAmount = amountMin !== undefined || amountMax !== undefined || sort?.endsWith('amount') === true;
  if (currency === undefined && isByAmount) {
    faults.push({ field: 'currency', rule: 'is required: amounts of different currencies do not compare' });
  }
  if (amountMin !== undefined && amountMax !== undefined && BigInt(amountMin) > BigInt(amountMax)) {
    faults.push({ field: 'amountMax', rule: 'must not be less than amountMin' });
  }
  return faults;
}

function withFilters<Filters extends object, Sort extends string>(
  filters: Filters,
  range: TimeRange,
  q: string | undefined,
  sort: Sort,
): Omit<Search<Filters & TimeRange, Sort>, 'limit'> {
  return { filters: { ...filters, ...range }, sort, ...(q === undefined ? {} : { q: visible(q) }) };
}

function pageOf({
  cursor,
  limit,
}: {
  readonly cursor: ListQuery['cursor'] | undefined;
  readonly limit: ListQuery['limit'] | undefined;
}): { limit: number; cursor?: string } {
  return { limit: Number(limit ?? USUAL_LIMIT), ...(cursor === undefined ? {} : { cursor }) };
}

function told(faults: readonly FieldFault[]): void {
  if (faults.length > 0) throw refuse('INVALID_REQUEST', { errors: faults });
}
