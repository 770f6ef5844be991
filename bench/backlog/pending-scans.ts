import type { Ground } from '../compare/ground.js';
import { CUSTOMERS } from '../compare/scenario.js';

/** Longer than any bench takes: none of them reaches its deadline. */
const WINDOW = `interval '6 hours'`;

/** Scans whose first answer was unknown, and whose jobs are gone: the queue has no entry for them. */
export class PendingScans {
  constructor(private readonly ground: Ground) {}

  async make(count: number): Promise<void> {
    await this.ground.query(
      'ours',
      `insert into scan (scan_id, customer_id, code_hash, request_body, status, tries, next_attempt_at, gives_up_at,
         created_at, updated_at)
       select gen_random_uuid(), $2, sha256(code::bytea),
         convert_to(json_build_object('codeValue', code, 'customerId', $2::text)::text, 'UTF8'), 'PENDING', 1, db_now(),
         db_now() + ${WINDOW}, db_now(), db_now()
       from (select 'https://qr.alipayplus.com/281002-waits-' || at as code from generate_series(1, $1::int) at) codes`,
      [count, CUSTOMERS[0]],
    );
    await this.settle();
  }

  /** How many are still waiting. */
  async left(): Promise<number> {
    const [row] = await this.ground.query<{ left: number }>(
      'ours',
      `select count(*)::int as left from scan where status = 'PENDING' and tries = 1`,
    );
    return row?.left ?? Number.NaN;
  }

  /** Ends those still waiting, as their deadline would. */
  async end(): Promise<void> {
    await this.ground.query(
      'ours',
      `update scan set status = 'GIVEN_UP', next_attempt_at = null, lease_until = null
       where status = 'PENDING' and tries = 1`,
    );
    await this.settle();
  }

  /** Writing so many at once leaves work to the database: it is finished before anything is measured. */
  private async settle(): Promise<void> {
    await this.ground.query('ours', 'vacuum analyze scan');
    await this.ground.query('ours', 'checkpoint');
  }
}
