import { aDecodedOrder, anOrder, confirm, type OrderBuilder } from '../support/builders/an-order.js';
import { DebitLab } from '../support/ledger/debit-lab.js';

import.meta.jest.setTimeout(60_000);

/**
 * The database goes back to before the order was known, as a restored dump or a standby that was promoted too early
 * does; Alipay+ and the ledger keep their books (failures 25).
 */
describe('an order whose commits were lost', () => {
  let lab: DebitLab;
  beforeAll(async () => {
    lab = await DebitLab.open();
  });
  beforeEach(() => lab.renew());
  afterAll(() => lab.close());

  const lose = () => lab.stores.sql('truncate scan, payment_order cascade');
  const anOrderOfIts = (): OrderBuilder => anOrder(lab.stores).with(aDecodedOrder());

  it('is decoded and confirmed anew, and its payer is not debited again', async () => {
    const order = anOrderOfIts();
    const first = await order.confirmed();
    expect(await lab.service.take(first)).toMatchObject({ outcome: 'settled', order: { status: 'PAID' } });
    await lose();

    const again = await order.confirmed();
    expect(again.order.paymentId).not.toBe(first.order.paymentId);
    expect(await lab.service.take(again)).toMatchObject({ outcome: 'settled', order: { status: 'PAID' } });
    expect(lab.ledger.held()).toHaveLength(1);
    expect((await lab.kept(again)).debits).toMatchObject([
      { status: 'DEBITED', ledger_reference: `ledger-${first.debit.debitId}` },
    ]);
  });

  it('finds the debit also when an attempt before it was refused', async () => {
    const order = anOrderOfIts();
    lab.ledger.refusal = 'INSUFFICIENT_BALANCE';
    const refused = await order.confirmed();
    const reopened = await lab.service.take(refused);
    if (reopened.outcome !== 'reopened') throw new Error(reopened.outcome);
    lab.ledger.refusal = undefined;
    const paid = await confirm(lab.stores, reopened.order);
    await lab.service.take(paid!);
    await lose();

    const again = await order.confirmed();
    const refusedAgain = await lab.service.take(again);
    if (refusedAgain.outcome !== 'reopened') throw new Error(refusedAgain.outcome);
    const found = await confirm(lab.stores, refusedAgain.order);
    expect(await lab.service.take(found!)).toMatchObject({ order: { status: 'PAID' } });
    expect(lab.ledger.held().map(({ key }) => key)).toEqual([paid!.debit.debitId]);
  });

  it('does not become paid with the money of another customer', async () => {
    const order = anOrderOfIts();
    await lab.service.take(await order.of('payer-before').confirmed());
    await lose();

    const again = await order.of('payer-after').confirmed();
    lab.ledger.before = async (call) =>
      call.startsWith('debit') ? { outcome: 'unknown', reason: 'key_content_mismatch' } : undefined;
    await lab.service.take(again);
    expect(await lab.workOn(again)).toMatchObject({
      status: 'DEBITING',
      debits: [{ status: 'IN_DOUBT', unknown_reason: 'other_customer' }],
    });
    expect(lab.ledger.held()).toMatchObject([{ customerId: 'payer-before' }]);
  });

  it('stays in doubt, also when its time is over, where the ledger says that it was paid under another key', async () => {
    const again = await lab.outOfTime(async (confirmed) => {
      lab.ledger.refusal = 'ALREADY_DEBITED';
      expect(await lab.service.take(confirmed)).toEqual({ outcome: 'unsettled' });
    });
    expect(await lab.workOn(again)).toMatchObject({
      status: 'DEBITING',
      debits: [{ status: 'IN_DOUBT', unknown_reason: 'refused_ALREADY_DEBITED' }],
      notifications: [],
    });
    expect(lab.ledger.callsTo('reverse')).toEqual([]);
  });
});

describe('the key of a debit', () => {
  let lab: DebitLab;
  beforeAll(async () => {
    lab = await DebitLab.open();
  });
  afterAll(() => lab.close());

  const keyOf = async (name: string, attempt: number): Promise<string> => {
    const [row] = await lab.stores.sql<{ key: string }>('select debit_key($1, $2) as key', [name, attempt]);
    return row?.key ?? '';
  };

  it('comes from the order and the number of the attempt alone, as the contract says', async () => {
    expect(await keyOf('20260302190741010007000000771', 1)).toBe('9520b5cd-bb75-8cc6-be75-2424626f37ea');
    const { order, debit } = await anOrder(lab.stores).confirmed();
    expect(debit.debitId).toBe(await keyOf(order.paymentRequestId, 1));
  });

  it('is another one for every order and every attempt', async () => {
    const names = ['a', 'b', '1 a', 'A', 'ä', '-1'];
    const keys = await Promise.all(
      names.flatMap((name) => [1, 2, 11].map((attempt) => keyOf(name, attempt))),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });
});
