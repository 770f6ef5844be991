import { EVIDENCE_TABLES, type EvidenceTable } from '../../../src/payment-order/evidence/evidence.sql.js';
import type { PaymentOrder } from '../../../src/payment-order/order/payment-order.js';
import { aPendingScan } from '../../support/builders/a-scan.js';
import { anOrder } from '../../support/builders/an-order.js';
import { OpenedStores } from '../../support/builders/opened-stores.js';

jest.setTimeout(120_000);

const KEEP_DAYS = 30;

describe('evidence that is kept for so many days', () => {
  let stores: OpenedStores;
  beforeEach(async () => {
    stores = await OpenedStores.open();
  });
  afterEach(() => stores.close());

  async function delivered(): Promise<PaymentOrder> {
    const order = await anOrder(stores).paid();
    await stores.sql(
      `update notification set status = 'DELIVERED', delivered_at = db_now(), next_attempt_at = null, watch_at = null
       where payment_id = $1`,
      [order.paymentId],
    );
    return order;
  }

  const COMMON = `db_now() - $2 * interval '1 day'`;
  const INSERTS: Readonly<Record<EvidenceTable, string>> = {
    decode_exchange: `
      insert into decode_exchange (scan_id, attempt, finished_at, duration_ms, outcome, request_time, key_version)
      select scan_id, 7, ${COMMON}, 1, 'unknown', '2026-03-01T12:00:00+00:00', '1' from scan where payment_id = $1`,
    notification_attempt: `
      insert into notification_attempt (payment_id, attempt, finished_at, duration_ms, outcome, request_time,
        key_version, requested_by)
      select payment_id, 7, ${COMMON}, 1, 'unknown', '2026-03-01T12:00:00+00:00', '1', 'schedule'
      from notification where payment_id = $1`,
    inbound_exchange: `
      insert into inbound_exchange (api, payment_request_id, received_at, request, answer, result_status, result_code)
      select 'inquiryPayment', payment_request_id, ${COMMON}, '', '', 'S', 'SUCCESS'
      from payment_order where payment_id = $1`,
  };
  const IDS = {
    decode_exchange: 'exchange_id',
    notification_attempt: 'attempt_id',
    inbound_exchange: 'exchange_id',
  };

  const remember = (table: EvidenceTable, { paymentId }: PaymentOrder, ageDays: number) =>
    stores.sql(INSERTS[table], [paymentId, ageDays]);
  const idsOf = async (table: EvidenceTable): Promise<string[]> =>
    (
      await stores.sql<{ id: string }>(
        `select ${IDS[table]}::text as id from ${table} order by ${IDS[table]}`,
      )
    ).map(({ id }) => id);
  /** One walk from the oldest row on. */
  async function walk(table: EvidenceTable, rows: number): Promise<{ pruned: number; windows: number }> {
    let pruned = 0;
    let windows = 0;
    for (let afterId: string | undefined = '0'; afterId !== undefined; windows += 1) {
      const window = await stores.evidence.prune(table, { afterId, rows, keepDays: KEEP_DAYS });
      pruned += window.pruned;
      afterId = window.nextId;
    }
    return { pruned, windows };
  }

  it.each(EVIDENCE_TABLES)('%s: goes when it is old, window by window, and the rest stays', async (table) => {
    const order = await delivered();
    for (let count = 0; count < 10; count += 1) await remember(table, order, KEEP_DAYS + 1);
    const before = await idsOf(table);
    await remember(table, order, KEEP_DAYS - 1);
    const young = (await idsOf(table)).filter((id) => !before.includes(id));
    // The order's own evidence of this moment was there first.
    const own = table === 'decode_exchange' ? before.slice(0, 1) : [];
    await stores.sql(
      `alter table ${table} disable trigger user; update ${table} set ${
        table === 'inbound_exchange' ? 'received_at' : 'finished_at'
      } = db_now() - interval '90 days' where ${IDS[table]} = any ('{${own.join(',')}}')`,
    );
    expect(await walk(table, 4)).toEqual({ pruned: 10 + own.length, windows: 3 });
    expect(await idsOf(table)).toEqual(young);
    expect(await walk(table, 4)).toEqual({ pruned: 0, windows: 1 });
  });

  it.each(EVIDENCE_TABLES)('%s: stays, however old, while its payment is not at rest', async (table) => {
    const parked = await anOrder(stores).paid();
    const reversing = await delivered();
    await stores.sql(
      `update debit set status = 'REVERSING', next_attempt_at = db_now() where payment_id = $1`,
      [reversing.paymentId],
    );
    for (const order of [parked, reversing]) await remember(table, order, 1_000);
    const all = await idsOf(table);
    expect((await walk(table, 1)).pruned).toBe(0);
    expect(await idsOf(table)).toEqual(all);
  });

  it('of a scan that never became an order goes when the scan is over', async () => {
    const scan = await aPendingScan(stores);
    await stores.sql(
      `insert into decode_exchange (scan_id, attempt, finished_at, duration_ms, outcome, request_time, key_version)
       values ($1, 1, db_now() - interval '90 days', 1, 'unknown', '2026-03-01T12:00:00+00:00', '1')`,
      [scan.scanId],
    );
    expect(await walk('decode_exchange', 10)).toEqual({ pruned: 0, windows: 1 });
    await stores.sql(`update scan set status = 'GIVEN_UP', next_attempt_at = null where scan_id = $1`, [
      scan.scanId,
    ]);
    expect(await walk('decode_exchange', 10)).toEqual({ pruned: 1, windows: 1 });
  });

  it('is let go of once, however many workers look', async () => {
    const order = await delivered();
    for (let count = 0; count < 30; count += 1) await remember('inbound_exchange', order, 90);
    const walks = await Promise.all(Array.from({ length: 6 }, () => walk('inbound_exchange', 7)));
    expect(walks.reduce((sum, { pruned }) => sum + pruned, 0)).toBe(30);
  });
});
