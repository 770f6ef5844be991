import { LEDGER_REFUSAL_CODES } from '../../src/wallet-ledger/wallet-ledger.js';
import { anOrder, confirm } from '../support/builders/an-order.js';
import { eventsOf } from '../support/builders/kept-order.js';
import { DebitLab } from '../support/ledger/debit-lab.js';
import { LOST } from '../support/ledger/small-ledger.js';
import { until } from '../support/service/until.js';

jest.setTimeout(60_000);

describe('taking the payer’s money', () => {
  let lab: DebitLab;
  beforeAll(async () => {
    lab = await DebitLab.open();
  });
  beforeEach(() => lab.renew());
  afterAll(() => lab.close());

  describe('when the ledger answers', () => {
    it('pays the order with one debit under the key of the intent', async () => {
      const confirmed = await anOrder(lab.stores)
        .with({ content: { orderDescription: 'Tea House', promotions: [], surcharged: false } })
        .confirmed();
      const { order, debit } = confirmed;
      const told = lab.arrivals.wait('payment', order.paymentId, 30_000);
      expect(await lab.service.take(confirmed)).toMatchObject({
        outcome: 'settled',
        order: { status: 'PAID' },
      });
      await told;
      expect(lab.ledger.held()).toEqual([
        {
          key: debit.debitId,
          paymentRequestId: order.paymentRequestId,
          customerId: order.customerId,
          amount: { currency: 'HKD', value: 8_561n },
          notAfter: order.expiresAt,
          description: 'Tea House',
        },
      ]);
      expect((await lab.kept(confirmed)).debits).toMatchObject([
        { status: 'DEBITED', ledger_reference: `ledger-${debit.debitId}` },
      ]);
      await until('the notifier is woken', async () =>
        (await lab.jobIds('notify')).some((id) => id.startsWith('notify-due-')),
      );
    });

    it.each(LEDGER_REFUSAL_CODES.filter((code) => code !== 'ALREADY_DEBITED'))(
      'ends as %s means, and takes nothing',
      async (code) => {
        lab.ledger.refusal = code;
        const confirmed = await anOrder(lab.stores).confirmed();
        const end = await lab.service.take(confirmed);
        const ends: Partial<Record<string, string>> = {
          INSUFFICIENT_BALANCE: 'AWAITING_CONFIRMATION',
          PROOF_REJECTED: 'AWAITING_CONFIRMATION',
          TOO_LATE: 'EXPIRED',
        };
        const status = ends[code] ?? 'FAILED';
        expect(end).toMatchObject({
          outcome: status === 'AWAITING_CONFIRMATION' ? 'reopened' : 'settled',
          order: { status },
        });
        const { debits, notifications, status: now } = await lab.kept(confirmed);
        expect(now).toBe(status);
        expect(debits).toMatchObject([{ status: 'REFUSED', refusal_code: code }]);
        expect(notifications).toHaveLength(status === 'AWAITING_CONFIRMATION' ? 0 : 1);
        expect(lab.ledger.held()).toEqual([]);
      },
    );

    it('debits again after the payer topped up, under another key', async () => {
      lab.ledger.refusal = 'INSUFFICIENT_BALANCE';
      const first = await anOrder(lab.stores).confirmed();
      const end = await lab.service.take(first);
      if (end.outcome !== 'reopened') throw new Error(end.outcome);
      lab.ledger.refusal = undefined;
      const second = await confirm(lab.stores, end.order);
      expect(await lab.service.take(second!)).toMatchObject({
        outcome: 'settled',
        order: { status: 'PAID' },
      });
      expect(lab.ledger.callsTo('debit')).toEqual([first.debit.debitId, second!.debit.debitId]);
      expect(lab.ledger.held()).toHaveLength(1);
    });

    it('does not call the ledger once the time is over', async () => {
      const confirmed = await lab.outOfTime(async () => undefined);
      expect(await lab.service.take(confirmed)).toMatchObject({
        outcome: 'settled',
        order: { status: 'EXPIRED' },
      });
      expect(lab.ledger.calls).toEqual([]);
    });
  });

  describe('when the ledger gives no answer (failures 8)', () => {
    it('keeps the debit in doubt and has the ledger asked again soon', async () => {
      const confirmed = await lab.doubted();
      expect(await lab.kept(confirmed)).toMatchObject({
        status: 'DEBITING',
        debits: [{ status: 'IN_DOUBT', tries: 1, lease_until: null }],
        notifications: [],
      });
      expect(await lab.jobIds('debit')).toContain(`debit-${confirmed.debit.debitId}-1`);
    });

    it('learns that the money was taken, and takes no more', async () => {
      const confirmed = await anOrder(lab.stores).confirmed();
      lab.ledger.after = async (call) => (call.startsWith('debit') ? LOST : undefined);
      expect(await lab.service.take(confirmed)).toEqual({ outcome: 'unsettled' });
      expect(await lab.workOn(confirmed)).toMatchObject({ status: 'PAID', debits: [{ status: 'DEBITED' }] });
      expect(lab.ledger.callsTo('debit')).toHaveLength(1);
      expect(lab.ledger.held()).toHaveLength(1);
    });

    it('does not accept a debit of another amount as its own, and goes on asking', async () => {
      const confirmed = await anOrder(lab.stores).confirmed();
      lab.ledger.after = async (call) => (call.startsWith('debit') ? LOST : undefined);
      await lab.service.take(confirmed);
      for (const other of [
        { currency: 'HKD', value: 1n },
        { currency: 'JPY', value: 8_561n },
      ]) {
        lab.ledger.booked = other;
        expect(await lab.workOn(confirmed)).toMatchObject({
          status: 'DEBITING',
          debits: [{ status: 'IN_DOUBT', unknown_reason: 'other_amount' }],
        });
      }
      lab.ledger.booked = undefined;
      expect(await lab.workOn(confirmed)).toMatchObject({ status: 'PAID' });
      expect(lab.ledger.callsTo('debit')).toHaveLength(1);
    });

    it('learns that it was refused', async () => {
      const confirmed = await anOrder(lab.stores).confirmed();
      lab.ledger.refusal = 'CUSTOMER_BLOCKED';
      lab.ledger.after = async (call) => (call.startsWith('debit') ? LOST : undefined);
      await lab.service.take(confirmed);
      expect(await lab.workOn(confirmed)).toMatchObject({
        status: 'FAILED',
        result: 'F USER_STATUS_ABNORMAL',
      });
    });

    it('learns that the ledger has no such debit, and debits under the same key', async () => {
      const confirmed = await lab.doubted();
      expect(await lab.workOn(confirmed)).toMatchObject({ status: 'PAID' });
      expect(lab.ledger.callsTo('debit')).toEqual([confirmed.debit.debitId, confirmed.debit.debitId]);
      expect(lab.ledger.held()).toHaveLength(1);
    });

    it('asks again as long as needed, and writes it once into the history', async () => {
      const confirmed = await lab.doubted();
      lab.ledger.before = async () => LOST;
      for (const tries of [2, 3, 4]) {
        expect(await lab.workOn(confirmed)).toMatchObject({
          status: 'DEBITING',
          debits: [{ status: 'IN_DOUBT', tries }],
        });
      }
      lab.ledger.before = async () => undefined;
      const end = await lab.workOn(confirmed);
      expect(eventsOf(end)).toEqual(['DECODED', 'CONFIRMED', 'DEBIT_IN_DOUBT', 'DEBITED']);
    });

    it('is asked for at once when somebody reads the order, unless it was asked for just now', async () => {
      const confirmed = await lab.doubted();
      const { paymentId } = confirmed.order;
      await lab.service.settleSoon(paymentId);
      expect(lab.ledger.callsTo('lookup')).toEqual([]);
      await lab.stores.sql(
        `update debit set updated_at = db_now() - interval '1 minute' where payment_id = $1`,
        [paymentId],
      );
      await Promise.all([lab.service.settleSoon(paymentId), lab.service.settleSoon(paymentId)]);
      expect(lab.ledger.callsTo('lookup')).toHaveLength(1);
      expect((await lab.kept(confirmed)).status).toBe('PAID');
    });

    it('delays no reader while the ledger is slow, and settles all the same', async () => {
      const confirmed = await lab.doubted();
      const { paymentId } = confirmed.order;
      await lab.stores.sql(
        `update debit set updated_at = db_now() - interval '1 minute' where payment_id = $1`,
        [paymentId],
      );
      let answer = (): void => undefined;
      lab.ledger.before = () => new Promise((resolve) => (answer = () => resolve()));
      await lab.service.settleSoon(paymentId);
      expect(lab.ledger.callsTo('lookup')).toHaveLength(1);
      expect((await lab.kept(confirmed)).status).toBe('DEBITING');
      lab.ledger.before = async () => undefined;
      answer();
      await until('it is paid', async () => (await lab.kept(confirmed)).status === 'PAID');
      expect(lab.ledger.held()).toHaveLength(1);
    });

    it('never lets a second debit begin while the first is unsettled', async () => {
      const confirmed = await lab.doubted();
      lab.ledger.before = async () => LOST;
      const again = await Promise.all(Array.from({ length: 10 }, () => confirm(lab.stores, confirmed.order)));
      expect(again.filter(Boolean)).toEqual([]);
      await Promise.all([lab.workOn(confirmed), ...again.map(() => lab.work.run(confirmed.debit.debitId))]);
      expect(new Set(lab.ledger.calls.map((call) => call.split(' ')[1]))).toEqual(
        new Set([confirmed.debit.debitId]),
      );
      expect((await lab.kept(confirmed)).debits).toHaveLength(1);
    });
  });
});
