import type { ConfirmedOrder } from '../../src/payment-order/debit/debit.js';
import { aDecodedOrder, anOrder, confirm, type OrderBuilder } from '../support/builders/an-order.js';
import { keptOrder } from '../support/builders/kept-order.js';
import { DebitLab, ledgerDebitOf } from '../support/ledger/debit-lab.js';
import { LOST } from '../support/ledger/small-ledger.js';

jest.setTimeout(60_000);

/** The ledger keeps the keys that were closed after the first loss. */
describe('an order whose commits were lost twice', () => {
  let lab: DebitLab;
  beforeAll(async () => {
    lab = await DebitLab.open();
  });
  beforeEach(async () => {
    lab.renew();
    await lab.neverMoved();
  });
  afterAll(() => lab.close());

  const anOrderOfIts = (): OrderBuilder => anOrder(lab.stores).with(aDecodedOrder());
  /** Records seem lost, so the first key is closed; the second attempt takes the money, and is lost. */
  const paidUnderLaterKey = async (order: OrderBuilder): Promise<ConfirmedOrder> => {
    await lab.move();
    const { paymentId } = await order.decoded();
    await lab.service.findOut(paymentId);
    const paid = await confirm(lab.stores, (await lab.stores.orders.find(paymentId))!);
    expect(await lab.service.take(paid!)).toMatchObject({ order: { status: 'PAID' } });
    await lab.lose();
    return paid!;
  };
  const heldKeys = () => lab.ledger.held().map(({ key }) => key);

  it('becomes paid by what a later attempt took, although the first key was closed', async () => {
    const order = anOrderOfIts();
    const paid = await paidUnderLaterKey(order);
    const again = await order.confirmed();
    const opened = await lab.service.take(again);
    if (opened.outcome !== 'reopened') throw new Error(opened.outcome);
    const found = await confirm(lab.stores, opened.order);
    expect(await lab.service.take(found!)).toMatchObject({ order: { status: 'PAID' } });
    expect(heldKeys()).toEqual([paid.debit.debitId]);
  });

  it('gives that back when Alipay+ cancels', async () => {
    const order = anOrderOfIts();
    const paid = await paidUnderLaterKey(order);
    const { paymentId, paymentRequestId } = await order.decoded();
    await lab.stores.cancels.cancel({ paymentRequestId });
    await lab.service.findOut(paymentId);
    await lab.service.findOut(paymentId);
    await lab.workOnDebit(paid.debit.debitId);
    expect(await keptOrder(lab.stores, paymentId)).toMatchObject({ status: 'CANCELLED' });
    expect(heldKeys()).toEqual([]);
  });

  it('waits while the ledger does not say what it knows of later attempts', async () => {
    const order = anOrderOfIts();
    const paid = await paidUnderLaterKey(order);
    lab.ledger.before = async (call) => (call === `lookup ${paid.debit.debitId}` ? LOST : undefined);
    const again = await order.confirmed();
    expect(await lab.service.take(again)).toEqual({ outcome: 'unsettled' });
    lab.ledger.before = async () => undefined;
    expect(await lab.workOn(again)).toMatchObject({ status: 'AWAITING_CONFIRMATION' });
  });

  it('ends as the ledger says where no attempt followed, and none can come any more', async () => {
    const order = anOrderOfIts();
    const first = await order.confirmed();
    lab.ledger.refusal = 'REFUSED';
    await lab.service.take(first);
    await lab.lose();
    await lab.move();
    lab.ledger.refusal = undefined;
    const again = await order.confirmed();
    lab.ledger.before = async (call) => (call.startsWith('reverse') ? LOST : undefined);
    expect(await lab.service.take(again)).toEqual({ outcome: 'unsettled' });
    lab.ledger.before = async () => undefined;
    expect(await lab.workOn(again)).toMatchObject({ status: 'FAILED' });
    const [closed] = lab.ledger.callsTo('reverse');
    const onItsWay = { ...ledgerDebitOf(first), key: closed ?? '' };
    expect(await lab.ledger.debit(onItsWay)).toMatchObject({ outcome: 'refused' });
    expect(heldKeys()).toEqual([]);
  });
});
