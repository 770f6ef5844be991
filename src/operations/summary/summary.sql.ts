import type { Query } from '../../platform/database/reading-pool.js';

export const NOW: Query = { text: 'select db_now() as now', values: [] };

const PERCENTILES = 'percentile_cont(array[0.5, 0.95, 0.99]) within group';

/** $1 is a value and not an expression: only then can the planner estimate how few rows it selects. */
const sinceWhen = (text: string) => (since: Date) => ({ text, values: [since] });

export const scansSince = sinceWhen(`
  select count(*)::int as begun, count(*) filter (where status = 'DECODED')::int as decoded,
    count(*) filter (where status = 'REJECTED')::int as rejected,
    count(*) filter (where status = 'GIVEN_UP')::int as given_up,
    count(*) filter (where status = 'PENDING')::int as pending,
    ${PERCENTILES} (order by extract(epoch from updated_at - created_at)::float8 * 1000)
      filter (where status = 'DECODED') as latencies
  from scan where created_at >= $1`);

export const questionsSince = sinceWhen(`
  select outcome, reason, count(*)::int as count from decode_exchange where finished_at >= $1 group by outcome, reason`);

/** A debit that was taken is not updated afterwards, unless its money has to go back. */
export const debitsSince = sinceWhen(`
  select count(*)::int as confirmed,
    count(*) filter (where status in ('DEBITED', 'REVERSING', 'REVERSED'))::int as paid,
    count(*) filter (where status = 'REFUSED')::int as refused,
    count(*) filter (where status = 'DEBITED')::int as measured,
    ${PERCENTILES} (order by extract(epoch from updated_at - created_at)::float8 * 1000)
      filter (where status = 'DEBITED') as latencies
  from debit where created_at >= $1`);

export const resultsSince = sinceWhen(`
  select count(*)::int as final, count(delivered_at)::int as acknowledged,
    ${PERCENTILES} (order by extract(epoch from delivered_at - created_at)::float8 * 1000)
      filter (where delivered_at is not null) as latencies
  from notification where created_at >= $1`);
