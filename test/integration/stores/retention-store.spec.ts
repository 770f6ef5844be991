import type { PaymentOrder } from '../../../src/payment-order/order/payment-order.js';
import type { Pruned } from '../../../src/payment-order/records/retention.store.js';
import type { Forgotten } from '../../../src/payment-order/records/retention.sql.js';
import { aPendingScan, evidence } from '../../support/builders/a-scan.js';
import { anOrder } from '../../support/builders/an-order.js';
import { OpenedStores } from '../../support/builders/opened-stores.js';

jest.setTimeout(120_000);

const KEEP_DAYS = 30;
const EVIDENCE_TABLES = ['decode_exchange', 'notification_attempt', 'inbound_exchange'] as const;
type EvidenceTable = (typeof EVIDENCE_TABLES)[number];

describe('evidence that is kept for a number of days', () => {
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
  /** One walk, starting from the oldest row. */
  async function walk(table: Forgotten, rows: number): Promise<{ pruned: number; windows: number }> {
    let pruned = 0;
    let windows = 0;
    let afterId: string | undefined;
    do {
      const window: Pruned = await stores.retention.prune(table, { afterId, rows, keepDays: KEEP_DAYS });
      pruned += window.pruned;
      afterId = window.nextId;
      windows += 1;
    } while (afterId !== undefined);
    return { pruned, windows };
  }

  it.each(EVIDENCE_TABLES)(
    '%s: is deleted when it is old, window by window, and the rest stays',
    async (table) => {
      const order = await delivered();
      for (let count = 0; count < 10; count += 1) await remember(table, order, KEEP_DAYS + 1);
      const before = await idsOf(table);
      await remember(table, order, KEEP_DAYS - 1);
      const young = (await idsOf(table)).filter((id) => !before.includes(id));
      // The order's own evidence of this moment was written first.
      const own = table === 'decode_exchange' ? before.slice(0, 1) : [];
      await stores.sql(
        `alter table ${table} disable trigger user; update ${table} set ${
          table === 'inbound_exchange' ? 'received_at' : 'finished_at'
        } = db_now() - interval '90 days' where ${IDS[table]} = any ('{${own.join(',')}}')`,
      );
      expect(await walk(table, 4)).toEqual({ pruned: 10 + own.length, windows: 3 });
      expect(await idsOf(table)).toEqual(young);
      expect(await walk(table, 4)).toEqual({ pruned: 0, windows: 1 });
    },
  );

  it.each(EVIDENCE_TABLES)(
    '%s: stays, however old, while its payment is not final and acknowledged',
    async (table) => {
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
    },
  );

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

  it('is deleted once, however many workers run', async () => {
    const order = await delivered();
    for (let count = 0; count < 30; count += 1) await remember('inbound_exchange', order, 90);
    const walks = await Promise.all(Array.from({ length: 6 }, () => walk('inbound_exchange', 7)));
    expect(walks.reduce((sum, { pruned }) => sum + pruned, 0)).toBe(30);
  });

  describe('personal data', () => {
    const days = (count: number) => new Date(Date.now() + count * 86_400_000);
    const CONTENT = { orderDescription: 'two cups', promotions: [{ promoName: 'spring' }], surcharged: true };
    const BYTES = Buffer.from('what Ada bought');

    /** A payment that went all the way, with notes about it. */
    async function told(): Promise<PaymentOrder> {
      const order = await anOrder(stores).with({ content: CONTENT }).paid();
      const end = { status: 'DELIVERED', requestedBy: 'schedule' } as const;
      await stores.notifications.record(order.paymentId, evidence({ answer: BYTES }), end);
      await stores.evidence.keepInbound({
        api: 'inquiryPayment',
        paymentRequestId: order.paymentRequestId,
        requestTime: '2026-03-01T08:00:00Z',
        request: BYTES,
        answer: BYTES,
        result: { resultStatus: 'S', resultCode: 'SUCCESS' },
      });
      return order;
    }

    const COUNTS: Readonly<Record<string, string>> = {
      order_content: `select count(*)::int as kept from payment_order where content ? 'orderDescription'`,
      notification_body: 'select count(*)::int as kept from notification where octet_length(body) > 0',
      decode_exchange_message:
        'select count(*)::int as kept from decode_exchange where octet_length(answer) > 0',
      notification_attempt_message:
        'select count(*)::int as kept from notification_attempt where octet_length(answer) > 0',
      inbound_exchange_message:
        'select count(*)::int as kept from inbound_exchange where octet_length(request) > 0 and octet_length(answer) > 0',
    };
    const kept = async (what: string) => (await stores.sql<{ kept: number }>(COUNTS[what] ?? ''))[0]?.kept;

    // The keys of the table above are names of walks.
    it.each(Object.keys(COUNTS) as Forgotten[])(
      '%s: is emptied when it is old, and the row stays',
      async (what) => {
        await told();
        const open = await anOrder(stores).with({ content: CONTENT }).paid();
        const tables = [
          'payment_order',
          'notification',
          'decode_exchange',
          'notification_attempt',
          'inbound_exchange',
        ];
        const rows = () => Promise.all(tables.map((table) => stores.sql(`select 1 from ${table}`)));
        const before = await kept(what);
        const rowsBefore = (await rows()).map(({ length }) => length);
        expect((await walk(what, 1)).pruned).toBe(0);
        await stores.freezeClock(days(KEEP_DAYS + 1));
        expect((await walk(what, 10)).pruned).toBe(1);
        expect((await walk(what, 10)).pruned).toBe(0);
        // The data of a payment that is still being worked on stays.
        expect(await kept(what)).toBe((before ?? 0) - 1);
        expect((await rows()).map(({ length }) => length)).toEqual(rowsBefore);
        expect((await stores.orders.find(open.paymentId))?.content).toEqual(CONTENT);
      },
    );

    it('is removed from an order so that everything that decides about money stays', async () => {
      const { paymentId } = await told();
      const money = `select status, pay_value, customer_id, merchant_name, content -> 'promotions' as promotions, finished_at,
        updated_at from payment_order`;
      const before = await stores.sql(money);
      await stores.freezeClock(days(KEEP_DAYS + 1));
      await walk('order_content', 10);
      expect(await stores.sql(money)).toEqual(before);
      expect((await stores.orders.find(paymentId))?.content).toEqual({
        promotions: CONTENT.promotions,
        surcharged: true,
      });
    });

    it('stays in an order while its events must still be sent', async () => {
      await stores.events.setEndpoints([{ name: 'core' }]);
      await told();
      await stores.freezeClock(days(KEEP_DAYS + 1));
      expect((await walk('order_content', 10)).pruned).toBe(0);
      await stores.events.spread(100, 86_400_000);
      expect((await walk('order_content', 10)).pruned).toBe(0);
      await stores.sql(
        `update event_delivery set status = 'DELIVERED', next_attempt_at = null, delivered_at = db_now()`,
      );
      expect((await walk('order_content', 10)).pruned).toBe(1);
    });

    it('goes with a scan that led to no payment; one that is pending or became an order stays', async () => {
      const rejected = await aPendingScan(stores, { leaseMs: 0 });
      await stores.scans.reject(rejected.scanId, evidence({ outcome: 'rejected' }), 'INVALID_CODE');
      await aPendingScan(stores);
      await told();
      const scans = () => stores.sql<{ scan_id: string }>('select scan_id from scan');
      expect((await walk('scan', 10)).pruned).toBe(0);
      await stores.freezeClock(days(KEEP_DAYS + 1));
      expect((await walk('scan', 10)).pruned).toBe(1);
      const left = (await scans()).map(({ scan_id }) => scan_id);
      expect(left).toHaveLength(2);
      expect(left).not.toContain(rejected.scanId);
      expect(await stores.sql('select 1 from decode_exchange where scan_id = $1', [rejected.scanId])).toEqual(
        [],
      );
    });

    it('is left to the next walk where another transaction holds the row', async () => {
      const { paymentId } = await told();
      await stores.freezeClock(days(KEEP_DAYS + 1));
      const runner = stores.dataSource.createQueryRunner();
      await runner.startTransaction();
      await runner.query('select 1 from payment_order where payment_id = $1 for update', [paymentId]);
      expect((await walk('order_content', 10)).pruned).toBe(0);
      await runner.rollbackTransaction();
      await runner.release();
      expect((await walk('order_content', 10)).pruned).toBe(1);
    });
  });
});
