import { randomUUID } from 'node:crypto';
import type { PaymentOrder } from '../../../src/payment-order/order/payment-order.js';
import { anOrder } from '../../support/builders/an-order.js';
import { aPendingScan } from '../../support/builders/a-scan.js';
import { OpenedStores, type RowKind } from '../../support/builders/opened-stores.js';

jest.setTimeout(120_000);

const REST_MS = 3_600_000;
const KINDS: readonly RowKind[] = ['decode', 'give_up', 'debit', 'refund', 'expiry', 'cancel'];
/** A budget that is never used up. */
const NO_GAP_MS = 0.001;

describe('what stands still, handed to sweepers', () => {
  let stores: OpenedStores;
  beforeEach(async () => {
    stores = await OpenedStores.open(16);
  });
  afterEach(() => stores.close());

  /** Makes one that is due, and tells by which id it is known. */
  async function due(kind: RowKind): Promise<string> {
    const ago = new Date(Date.now() - 60_000);
    switch (kind) {
      case 'decode':
        return (await aPendingScan(stores, { leaseMs: 0 })).scanId;
      case 'give_up':
        return (await aPendingScan(stores, { leaseMs: 0, windowMs: 0 })).scanId;
      case 'debit':
        return (await anOrder(stores).inDoubt(-60_000)).debit.debitId;
      case 'refund':
        return aDueRefund(await anOrder(stores).paid());
      case 'expiry':
        return (await anOrder(stores).expiringAt(ago).decoded()).paymentId;
      case 'cancel': {
        const { paymentId } = await anOrder(stores).decoded();
        await stores.sql('update payment_order set cancel_requested_at = $2 where payment_id = $1', [
          paymentId,
          ago,
        ]);
        return paymentId;
      }
    }
  }

  async function aDueRefund({ paymentRequestId }: PaymentOrder): Promise<string> {
    const refundAmount = { currency: 'JPY', value: 30n };
    const refundFromAmount = { currency: 'HKD', value: 257n };
    const request = {
      refundRequestId: randomUUID(),
      paymentRequestId,
      refundAmount,
      refundFromAmount,
      content: '',
    };
    const intent = await stores.refunds.request(request);
    if (intent.outcome !== 'kept') throw new Error(intent.outcome);
    return intent.refund.refundId;
  }

  const many = async (kind: RowKind, count: number): Promise<string[]> =>
    Promise.all(Array.from({ length: count }, () => due(kind)));

  const take = async (kind: RowKind, limit: number, restMs = REST_MS): Promise<string[]> => {
    const share = { graceMs: 0, restMs, limit };
    if (kind === 'expiry')
      return (await stores.sweeps.takeExpired(share)).map(({ order }) => order.paymentId);
    if (kind === 'cancel')
      return (await stores.sweeps.takeUnfinishedCancels(share)).map(({ paymentId }) => paymentId);
    if (kind === 'decode') return (await stores.sweeps.takeScans(share, NO_GAP_MS)).rows.map(({ id }) => id);
    return (await stores.sweeps.take(kind, share)).map(({ id }) => id);
  };

  it.each(KINDS)(
    '%s: each row to one of many who look at once, in batches no larger than asked for',
    async (kind) => {
      const ids = await many(kind, 40);
      const taken: string[] = [];
      for (let looks = 0; taken.length < ids.length && looks < 20; looks += 1) {
        const batches = await Promise.all(Array.from({ length: 6 }, () => take(kind, 5)));
        for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(5);
        taken.push(...batches.flat());
      }
      expect(taken.toSorted()).toEqual(ids.toSorted());
      expect(await take(kind, 100)).toEqual([]);
    },
  );

  it.each(KINDS)('%s: is there again when its rest is over, and nothing moved it', async (kind) => {
    const ids = await many(kind, 3);
    expect((await take(kind, 10)).toSorted()).toEqual(ids.toSorted());
    expect(await take(kind, 10)).toEqual([]);
    await stores.sql('update sweep_rest set until = db_now()');
    expect((await take(kind, 10)).toSorted()).toEqual(ids.toSorted());
  });

  it.each(KINDS)(
    '%s: what somebody is changing right now is passed over and not waited for',
    async (kind) => {
      const [held, free] = await many(kind, 2);
      const [table, column] = {
        decode: ['scan', 'scan_id'],
        give_up: ['scan', 'scan_id'],
        debit: ['debit', 'debit_id'],
        refund: ['refund', 'refund_id'],
        expiry: ['payment_order', 'payment_id'],
        cancel: ['payment_order', 'payment_id'],
      }[kind] as [string, string]; // two words each
      await stores.database.transaction(async (transaction) => {
        const lock = `update ${table} set updated_at = updated_at where ${column} = $1`;
        await transaction.run({ name: `hold_${kind}`, text: lock }, [held]);
        expect(await take(kind, 10)).toEqual([free]);
      });
      expect(await take(kind, 10)).toEqual([held]);
    },
  );

  it('rows that nobody can move do not keep the ones behind them waiting', async () => {
    const stuck = await many('expiry', 6);
    const { paymentId: fresh } = await anOrder(stores)
      .expiringAt(new Date(Date.now() - 1_000))
      .decoded();
    expect((await take('expiry', 6)).toSorted()).toEqual(stuck.toSorted());
    expect(await take('expiry', 6)).toEqual([fresh]);
  });

  it('tells how late each is, the longest waiting first', async () => {
    const older = await anOrder(stores).inDoubt(-9_000);
    const newer = await anOrder(stores).inDoubt(-6_000);
    const [first, second, ...others] = await stores.sweeps.take('debit', {
      graceMs: 0,
      restMs: 0,
      limit: 10,
    });
    expect([first?.id, second?.id, others]).toEqual([older.debit.debitId, newer.debit.debitId, []]);
    expect(first?.lateMs).toBeGreaterThanOrEqual(9_000);
    expect(second?.lateMs).toBeGreaterThanOrEqual(6_000);
    expect(first?.lateMs).toBeGreaterThan(second?.lateMs ?? 0);
  });

  it('one that could not be moved rests longer, and is news once until it is old', async () => {
    const id = await due('expiry');
    const putOff = () => stores.sweeps.putOff('expiry', id, { restMs: 60_000, tellAgainMs: REST_MS });
    expect(await take('expiry', 1, 0)).toEqual([id]);
    const told = await Promise.all([putOff(), putOff(), putOff(), putOff()]);
    expect(told.filter(Boolean)).toHaveLength(1);
    expect(await take('expiry', 1)).toEqual([]);
    await stores.sql(`update sweep_rest set told_at = told_at - interval '1 hour 1 second'`);
    expect(await putOff()).toBe(true);
    expect(await putOff()).toBe(false);
  });

  it('forgets what rested long ago, a batch at a time', async () => {
    await many('debit', 5);
    await take('debit', 5, 0);
    const rests = async () => (await stores.sql('select 1 from sweep_rest')).length;
    await stores.sweeps.forget(REST_MS, 100);
    expect(await rests()).toBe(5);
    await stores.sql(`update sweep_rest set until = until - interval '2 hours'`);
    await stores.sweeps.forget(REST_MS, 3);
    expect(await rests()).toBe(2);
  });
});
