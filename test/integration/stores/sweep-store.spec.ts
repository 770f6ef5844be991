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

describe('overdue rows, claimed by sweepers', () => {
  let stores: OpenedStores;
  beforeEach(async () => {
    stores = await OpenedStores.open(16);
  });
  afterEach(() => stores.close());

  /** Makes a due row, and returns its id. */
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

  it.each(KINDS)('%s: each row goes to one of many at once, in batches up to the limit', async (kind) => {
    const ids = await many(kind, 40);
    const taken: string[] = [];
    for (let looks = 0; taken.length < ids.length && looks < 20; looks += 1) {
      const batches = await Promise.all(Array.from({ length: 6 }, () => take(kind, 5)));
      for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(5);
      taken.push(...batches.flat());
    }
    expect(taken.toSorted()).toEqual(ids.toSorted());
    expect(await take(kind, 100)).toEqual([]);
  });

  it.each(KINDS)('%s: comes back when its rest is over, if nothing moved it', async (kind) => {
    const ids = await many(kind, 3);
    expect((await take(kind, 10)).toSorted()).toEqual(ids.toSorted());
    expect(await take(kind, 10)).toEqual([]);
    await stores.sql('update sweep_rest set until = db_now()');
    expect((await take(kind, 10)).toSorted()).toEqual(ids.toSorted());
  });

  it.each(KINDS)('%s: rows locked by another transaction are skipped and not waited for', async (kind) => {
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
  });

  it('rows that cannot be moved do not delay the ones behind them', async () => {
    const stuck = await many('expiry', 6);
    const { paymentId: fresh } = await anOrder(stores)
      .expiringAt(new Date(Date.now() - 1_000))
      .decoded();
    expect((await take('expiry', 6)).toSorted()).toEqual(stuck.toSorted());
    expect(await take('expiry', 6)).toEqual([fresh]);
  });

  it('have the time they are overdue, the longest waiting first', async () => {
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

  it('a row that could not be moved rests longer, and is reported once until it is old', async () => {
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

  it('deletes old rests, a batch at a time', async () => {
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
