import type pg from 'pg';

/** One search as somebody types it: the list, and the query of its address. */
export interface DocumentedSearch {
  readonly name: string;
  readonly list: 'payments' | 'scans' | 'notifications';
  readonly query: Readonly<Record<string, string>>;
}

interface Samples {
  readonly payment_id: string;
  readonly payment_request_id: string;
  readonly reference_order_id: string;
  readonly scan_id: string;
  readonly lost_scan_id: string;
  readonly ledger_reference: string;
  readonly number: string;
  readonly now: Date;
}

const DAY_MS = 86_400_000;
const PAYMENT_STATUSES = 'AWAITING_CONFIRMATION HELD DEBITING PAID FAILED DECLINED EXPIRED CANCELLED'.split(
  ' ',
);
const NOTIFICATION_STATUSES = 'PENDING DELIVERED REJECTED PARKED NONE'.split(' ');
const GIVEN_UP_ACQUIRER = '1022188000000000999';

/**
 * Every filter of the three lists, with values that many rows have and values that few or none have, and combinations
 * that mislead a planner: rare ones, old ones, and ones that exclude each other. Over a seeded database.
 */
export async function documentedSearches(pool: pg.Pool): Promise<DocumentedSearch[]> {
  const { rows } = await pool.query<Samples>(
    `select o.payment_id, o.payment_request_id, o.reference_order_id, s.scan_id, lost.scan_id as lost_scan_id,
       (select d.ledger_reference from debit d where d.payment_id = o.payment_id and d.status = 'DEBITED') as ledger_reference,
       split_part(o.reference_order_id, '-', 3) as number, newest.created_at as now
     from (select * from payment_order where status = 'PAID' and created_at >=
         (select min(created_at) + (max(created_at) - min(created_at)) / 2 from payment_order)
       order by created_at limit 1) o
       join scan s using (payment_id),
       (select scan_id from scan where status = 'REJECTED' order by created_at limit 1) lost,
       (select max(created_at) as created_at from payment_order) newest`,
  );
  const [sample] = rows;
  if (!sample) throw new Error('the database is not seeded');
  const daysAgo = (days: number): string => new Date(sample.now.getTime() - days * DAY_MS).toISOString();
  return [...ofPayments(sample, daysAgo), ...ofScans(sample, daysAgo), ...ofNotifications(sample, daysAgo)];
}

type DaysAgo = (days: number) => string;

function ofPayments(sample: Samples, daysAgo: DaysAgo): DocumentedSearch[] {
  const hour = { from: daysAgo(100), to: daysAgo(100 - 1 / 24) };
  return searches('payments', [
    ['newest first', {}],
    ['oldest first', { sort: 'createdAt' }],
    ['paymentId', { paymentId: sample.payment_id }],
    ['paymentRequestId', { paymentRequestId: sample.payment_request_id }],
    ['referenceOrderId', { referenceOrderId: sample.reference_order_id }],
    ['customerId, usual', { customerId: 'customer-4711' }],
    ['customerId, busiest', { customerId: 'customer-0' }],
    ['acquirerId, big', { acquirerId: '1022188000000000000' }],
    ['acquirerId, given up', { acquirerId: GIVEN_UP_ACQUIRER }],
    ['merchant, id of the busiest', { merchant: 'M00000000' }],
    ['merchant, a name', { merchant: 'Golden Coffee 0, Branch 1' }],
    ['merchant, a few names', { merchant: 'blue coffee' }],
    ['merchant, many names', { merchant: 'golden' }],
    ['merchant, nobody', { merchant: 'zzz' }],
    ...PAYMENT_STATUSES.map((status): Named => [`status ${status}`, { status }]),
    ...NOTIFICATION_STATUSES.map((one): Named => [`notificationStatus ${one}`, { notificationStatus: one }]),
    ['currency, most', { currency: 'HKD' }],
    ['currency, rare', { currency: 'BHD' }],
    ['currency, given up', { currency: 'GBP' }],
    ['amount, narrow', { currency: 'HKD', amountMin: '19000', amountMax: '19100' }],
    ['amount, one price', { currency: 'JPY', amountMin: '500', amountMax: '500' }],
    ['amount, wide', { currency: 'HKD', amountMin: '1000', amountMax: '9'.repeat(30) }],
    ['by amount, highest first', { currency: 'HKD', sort: '-amount' }],
    ['by amount, in a range', { currency: 'HKD', amountMin: '5000', amountMax: '20000', sort: 'amount' }],
    ['by amount, of a status', { currency: 'HKD', status: 'FAILED', sort: '-amount' }],
    ['by amount, in an hour', { currency: 'HKD', sort: '-amount', ...hour }],
    ['time, an hour', hour],
    ['time, up to a year ago', { to: daysAgo(365) }],
    ['q, paymentId', { q: sample.payment_id }],
    ['q, paymentRequestId', { q: sample.payment_request_id }],
    ['q, referenceOrderId', { q: sample.reference_order_id }],
    ['q, customerId', { q: 'customer-0' }],
    ['q, scanId', { q: sample.scan_id }],
    ['q, ledgerReference', { q: sample.ledger_reference }],
    ['q, code', { q: `seed:${sample.number}` }],
    ['q, nobody', { q: 'nobody' }],
    ['customer and status', { customerId: 'customer-0', status: 'FAILED' }],
    ['acquirer and status', { acquirerId: '1022188000000000003', status: 'CANCELLED' }],
    ['acquirer given up and paid', { acquirerId: GIVEN_UP_ACQUIRER, status: 'PAID' }],
    ['acquirer and currency given up', { acquirerId: GIVEN_UP_ACQUIRER, currency: 'GBP' }],
    ['merchant, status and hour', { merchant: 'M00000000', status: 'EXPIRED', ...hour }],
    ['merchant and a status it has not', { merchant: 'M00000003', status: 'HELD' }],
    ['names and delivered', { merchant: 'golden coffee', notificationStatus: 'DELIVERED' }],
    ['parked, of an acquirer', { notificationStatus: 'PARKED', acquirerId: '1022188000000000001' }],
    ['rejected, of a merchant', { notificationStatus: 'REJECTED', merchant: 'M00000001' }],
    ['parked, oldest first', { notificationStatus: 'PARKED', sort: 'createdAt' }],
    ['parked, up to a year ago', { notificationStatus: 'PARKED', to: daysAgo(365) }],
    ['parked, of a customer', { notificationStatus: 'PARKED', customerId: 'customer-0' }],
    ['parked, of a few names', { notificationStatus: 'PARKED', merchant: 'blue coffee' }],
    ['parked, of nobody', { notificationStatus: 'PARKED', merchant: 'zzz' }],
    ['parked, of a status', { notificationStatus: 'PARKED', status: 'DECLINED' }],
    ['parked, by amount', { notificationStatus: 'PARKED', currency: 'HKD', sort: '-amount' }],
    ['parked, in a rare currency', { notificationStatus: 'PARKED', currency: 'BHD' }],
    ['parked, of a customer by q', { notificationStatus: 'PARKED', q: 'customer-0' }],
    ['currency, status and hour', { currency: 'USD', status: 'DECLINED', ...hour }],
    ['currency given up, last month', { currency: 'GBP', from: daysAgo(30) }],
    [
      'everything at once',
      {
        customerId: 'customer-0',
        acquirerId: '1022188000000000000',
        merchant: 'blue',
        status: 'PAID',
        notificationStatus: 'DELIVERED',
        currency: 'HKD',
        amountMin: '1',
        amountMax: '1000000',
        from: daysAgo(300),
        to: daysAgo(1),
      },
    ],
  ]);
}

function ofScans(sample: Samples, daysAgo: DaysAgo): DocumentedSearch[] {
  return searches('scans', [
    ['newest first', {}],
    ['scanId', { scanId: sample.lost_scan_id }],
    ['paymentId', { paymentId: sample.payment_id }],
    ['customerId', { customerId: 'customer-0' }],
    ...['PENDING', 'DECODED', 'REJECTED', 'GIVEN_UP'].map((status): Named => [
      `status ${status}`,
      { status },
    ]),
    ['resultCode, most', { resultCode: 'EXPIRED_CODE' }],
    ['resultCode, rare', { resultCode: 'INVALID_CONTRACT', status: 'REJECTED' }],
    ['resultCode, nobody', { resultCode: 'NONE' }],
    ['time, an hour', { from: daysAgo(100), to: daysAgo(100 - 1 / 24) }],
    ['q, code', { q: `seed:${sample.number}` }],
    ['q, referenceOrderId', { q: sample.reference_order_id }],
    ['customer and status', { customerId: 'customer-0', status: 'REJECTED' }],
  ]);
}

function ofNotifications(sample: Samples, daysAgo: DaysAgo): DocumentedSearch[] {
  return searches('notifications', [
    ['newest first', {}],
    ['paymentId', { paymentId: sample.payment_id }],
    ['paymentRequestId', { paymentRequestId: sample.payment_request_id }],
    ['customerId', { customerId: 'customer-0' }],
    ...NOTIFICATION_STATUSES.slice(0, 4).map((status): Named => [`status ${status}`, { status }]),
    ['time, an hour', { from: daysAgo(100), to: daysAgo(100 - 1 / 24) }],
    ['parked, last month', { status: 'PARKED', from: daysAgo(30) }],
    ['q, customerId', { q: 'customer-0' }],
    ['q, scanId', { q: sample.scan_id }],
  ]);
}

type Named = readonly [name: string, query: Readonly<Record<string, string>>];

function searches(list: DocumentedSearch['list'], named: readonly Named[]): DocumentedSearch[] {
  return named.map(([name, query]) => ({ name, list, query }));
}
