import pg from 'pg';
import { median } from '../statistics.js';
import { processorClock } from './processor-time.js';

export interface MeasuredWrites {
  readonly payments: number;
  /** Payments a second of processor time, from scan to delivered notification, with all indexes and without those for searches. */
  readonly withSearch: number;
  readonly withoutSearch: number;
  readonly ratio: number;
}

const PAYMENTS = 2_000;

/** The indexes that only operators' reads need: no statement of the service's work uses one of them. */
const WITHOUT = `
  drop index payment_order_time_ix, payment_order_acquirer_ix, payment_order_merchant_ix,
    payment_order_merchant_name_ix, payment_order_currency_ix, payment_order_amount_ix, payment_order_customer_ix,
    payment_order_reference_ix, scan_time_ix, scan_failed_ix, scan_result_ix, scan_customer_ix, notification_time_ix,
    notification_undelivered_ix, notification_undelivered_order_ix, debit_time_ix, decode_exchange_time_ix`;

/**
 * The rows of a payment's life, each step for 2000 payments in one statement. Without any other cost (no round trip,
 * commit or call) this is the largest possible share of the indexes. Copies of existing payments keep the spread of
 * customers, merchants and amounts.
 */
const LIFE = [
  `create temp table life on commit drop as
     select o.*, gen_random_uuid() as new_id, gen_random_uuid() as new_scan from payment_order o
     where status = 'PAID' and created_at >= (select min(created_at) + random() * (max(created_at) - min(created_at)) from payment_order)
     order by created_at limit ${PAYMENTS}`,
  `insert into scan (scan_id, customer_id, code_hash, request_body, status, next_attempt_at, gives_up_at, created_at, updated_at)
     select new_scan, customer_id, sha256(new_scan::text::bytea), 'x', 'PENDING', now(), now(), clock_timestamp(), now() from life`,
  `insert into payment_order (payment_id, payment_request_id, customer_id, status, scenario, acquirer_id, psp_id,
     reference_order_id, merchant_id, merchant_name, payment_currency, payment_value, pay_to_currency, pay_to_value,
     pay_currency, pay_value, expires_at, notify_url, content, content_sha256, created_at, updated_at)
     select new_id, new_id::text, customer_id, 'AWAITING_CONFIRMATION', scenario, acquirer_id, psp_id, new_id::text, merchant_id,
       merchant_name, payment_currency, payment_value, pay_to_currency, pay_to_value, pay_currency, pay_value, now(),
       notify_url, content, content_sha256, clock_timestamp(), now() from life`,
  `update scan s set status = 'DECODED', payment_id = new_id, next_attempt_at = null from life where s.scan_id = new_scan`,
  `insert into decode_exchange (scan_id, attempt, finished_at, duration_ms, outcome, request_time, key_version)
     select new_scan, 1, clock_timestamp(), 50, 'accepted', '', '1' from life`,
  `update payment_order o set status = 'DEBITING', debit_count = 1 from life where o.payment_id = new_id`,
  `insert into debit (debit_id, payment_id, sequence, customer_id, currency, value, not_after, status, next_attempt_at,
     created_at, updated_at)
     select gen_random_uuid(), new_id, 1, customer_id, pay_currency, pay_value, now(), 'INTENDED', now(),
       clock_timestamp(), now() from life`,
  `update debit d set status = 'DEBITED', next_attempt_at = null from life where d.payment_id = new_id`,
  `insert into notification (payment_id, url, body, body_sha256, status, next_attempt_at, gives_up_at, ordered_at,
     created_at, updated_at)
     select new_id, notify_url, convert_to(content::text, 'UTF8'), content_sha256, 'PENDING', now(), now(), now(), clock_timestamp(), now()
     from life`,
  `update payment_order o set status = 'PAID', result_status = 'S', result_code = 'SUCCESS', finished_at = now()
     from life where o.payment_id = new_id`,
  `update notification n set lease_until = now() from life where n.payment_id = new_id`,
  `update notification n set status = 'DELIVERED', next_attempt_at = null, watch_at = null, delivered_at = now() from life where n.payment_id = new_id`,
];

/** Each round in a transaction that is rolled back, so that the seeded rows and their indexes stay as they were. */
export async function measuredWrites(url: string, rounds: number): Promise<MeasuredWrites> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const rates = { with: new Array<number>(), without: new Array<number>() };
    for (let round = -1; round < rounds; round += 1) {
      const withIndexes = await livesPerSecond(client, []);
      const without = await livesPerSecond(client, [WITHOUT]);
      if (round < 0) continue;
      rates.with.push(withIndexes);
      rates.without.push(without);
    }
    const [withSearch, withoutSearch] = [median(rates.with), median(rates.without)];
    return { payments: PAYMENTS, withSearch, withoutSearch, ratio: withSearch / withoutSearch };
  } finally {
    await client.end();
  }
}

async function livesPerSecond(client: pg.Client, before: readonly string[]): Promise<number> {
  await client.query('begin');
  try {
    const [pick = '', ...steps] = LIFE;
    for (const statement of [pick, ...before]) await client.query(statement);
    await client.query('analyze life');
    const clock =
      (await processorClock(async ({ text }) => (await client.query<{ pid: number }>(text)).rows)) ??
      (() => performance.now());
    const startedAt = clock();
    for (const step of steps) await client.query(step);
    return PAYMENTS / ((clock() - startedAt) / 1_000);
  } finally {
    await client.query('rollback');
  }
}
