import { anOrder } from '../support/builders/an-order.js';
import { eventsOf } from '../support/builders/kept-order.js';
import { DebitLab, ledgerDebitOf } from '../support/ledger/debit-lab.js';
import { LOST } from '../support/ledger/small-ledger.js';
import { until } from '../support/service/until.js';

jest.setTimeout(60_000);

describe('a debit in trouble', () => {
  let lab: DebitLab;
  beforeAll(async () => {
    lab = await DebitLab.open();
  });
  beforeEach(() => lab.renew());
  afterAll(() => lab.close());

  describe('when the time is over and the ledger has not seen the debit', () => {
    const neverArrived = () => lab.outOfTime((confirmed) => lab.doubted(confirmed));

    it('closes the key at the ledger before it ends the order, so that a late debit takes nothing', async () => {
      const confirmed = await neverArrived();
      expect(await lab.workOn(confirmed)).toMatchObject({
        status: 'EXPIRED',
        debits: [{ refusal_code: 'TOO_LATE' }],
      });
      expect(lab.ledger.callsTo('reverse')).toEqual([confirmed.debit.debitId]);
      const notAfter = new Date(Date.now() + 60_000);
      const late = await lab.ledger.debit(ledgerDebitOf(confirmed, { notAfter }));
      expect(late).toMatchObject({ outcome: 'refused' });
      expect(lab.ledger.held()).toEqual([]);
    });

    it('stays in doubt while the key cannot be closed', async () => {
      const confirmed = await neverArrived();
      lab.ledger.after = async (call) => (call.startsWith('reverse') ? LOST : undefined);
      expect(await lab.workOn(confirmed)).toMatchObject({
        status: 'DEBITING',
        debits: [{ status: 'IN_DOUBT' }],
      });
      lab.ledger.after = async () => undefined;
      expect(await lab.workOn(confirmed)).toMatchObject({
        status: 'EXPIRED',
        notifications: [{ status: 'PENDING' }],
      });
      expect(lab.ledger.held()).toEqual([]);
    });

    it('is paid when the money had been taken in time after all', async () => {
      const confirmed = await lab.outOfTime(async (confirmed) => {
        lab.ledger.after = async () => LOST;
        await lab.service.take(confirmed);
        lab.ledger.after = async () => undefined;
      });
      expect(await lab.workOn(confirmed)).toMatchObject({ status: 'PAID' });
      expect(lab.ledger.held()).toHaveLength(1);
    });

    it('gives back money that was taken between the inquiry and the closing of the key, and ends the order unpaid', async () => {
      const confirmed = await neverArrived();
      const debit = ledgerDebitOf(confirmed);
      lab.ledger.after = async (call) => {
        if (call.startsWith('lookup')) lab.ledger.entries.set(debit.key, { kind: 'debited', debit });
      };
      expect(await lab.workOn(confirmed)).toMatchObject({ status: 'EXPIRED' });
      expect(lab.ledger.entries.get(debit.key)).toMatchObject({ kind: 'reversed' });
    });
  });

  describe('when several workers come to one debit', () => {
    it('leaves a debit alone that another worker has claimed with a slow ledger', async () => {
      const confirmed = await anOrder(lab.stores).confirmed();
      let answer = (): void => undefined;
      lab.ledger.before = () => new Promise((resolve) => (answer = () => resolve()));
      const taking = lab.service.take(confirmed);
      await until('the ledger is asked', () => lab.ledger.calls.length === 1);
      await Promise.all([1, 2, 3].map(() => lab.work.run(confirmed.debit.debitId)));
      await lab.service.settleSoon(confirmed.order.paymentId);
      expect(lab.ledger.calls).toHaveLength(1);
      answer();
      expect(await taking).toMatchObject({ outcome: 'settled', order: { status: 'PAID' } });
    });

    it('settles once when the same intent is taken twice', async () => {
      const confirmed = await anOrder(lab.stores).confirmed();
      const ends = await Promise.all([lab.service.take(confirmed), lab.service.take(confirmed)]);
      expect(ends.map(({ outcome }) => outcome).sort()).toEqual(['settled', 'unsettled']);
      expect(lab.ledger.held()).toHaveLength(1);
      const end = await lab.kept(confirmed);
      expect(eventsOf(end)).toEqual(['DECODED', 'CONFIRMED', 'DEBITED']);
      expect(end.notifications).toHaveLength(1);
    });

    it('lets one that stood still beyond its lease go on after another did its work: one debit, one end (failures 18)', async () => {
      const confirmed = await anOrder(lab.stores).confirmed();
      let goOn = (): void => undefined;
      lab.ledger.before = () => new Promise((resolve) => (goOn = () => resolve()));
      const standing = lab.service.take(confirmed);
      await until('the ledger is about to be asked', () => lab.ledger.calls.length === 1);
      lab.ledger.before = async () => undefined;
      // Its lease is over, so another worker claims the debit.
      expect(await lab.workOn(confirmed)).toMatchObject({ status: 'PAID' });
      goOn();
      expect(await standing).toMatchObject({ outcome: 'unsettled' });
      const end = await lab.kept(confirmed);
      expect(eventsOf(end)).toEqual(['DECODED', 'CONFIRMED', 'DEBITED']);
      expect(end.notifications).toHaveLength(1);
      expect(lab.ledger.held()).toHaveLength(1);
    });

    it('debits once when its job runs twenty times at once (failures 18)', async () => {
      const confirmed = await anOrder(lab.stores).confirmed(0);
      await Promise.all(Array.from({ length: 20 }, () => lab.work.run(confirmed.debit.debitId)));
      expect(lab.ledger.callsTo('debit')).toHaveLength(1);
      expect(lab.ledger.held()).toHaveLength(1);
      expect(eventsOf(await lab.kept(confirmed))).toEqual(['DECODED', 'CONFIRMED', 'DEBITED']);
    });

    it('does nothing for a debit that is settled or unknown', async () => {
      const confirmed = await anOrder(lab.stores).confirmed();
      await lab.service.take(confirmed);
      await lab.work.run(confirmed.debit.debitId);
      await lab.work.run(confirmed.order.paymentId);
      expect(lab.ledger.calls).toHaveLength(1);
    });
  });

  describe('when the process dies (failures 6)', () => {
    it('before the ledger was called: the debit is made once its lease is over', async () => {
      const confirmed = await anOrder(lab.stores).confirmed(0);
      expect(await lab.stores.due('debit')).toContain(confirmed.debit.debitId);
      await lab.work.run(confirmed.debit.debitId);
      expect(await lab.kept(confirmed)).toMatchObject({ status: 'PAID' });
      expect(lab.ledger.calls.map((call) => call.split(' ')[0])).toEqual(['lookup', 'debit']);
    });

    it('between the debit and its record: the ledger is asked by key, and nothing is debited again', async () => {
      const confirmed = await anOrder(lab.stores).confirmed();
      // The last act of the dead process.
      await lab.ledger.debit(ledgerDebitOf(confirmed));
      await lab.work.run(confirmed.debit.debitId);
      expect((await lab.kept(confirmed)).status).toBe('DEBITING');
      expect(await lab.workOn(confirmed)).toMatchObject({ status: 'PAID', debits: [{ status: 'DEBITED' }] });
      expect(lab.ledger.callsTo('debit')).toHaveLength(1);
      expect(lab.ledger.held()).toHaveLength(1);
    });
  });

  describe('when Alipay+ cancels meanwhile (failures 14)', () => {
    it('gives back what was taken, and asks until it is given back', async () => {
      const confirmed = await anOrder(lab.stores).confirmed();
      const { paymentRequestId } = confirmed.order;
      lab.ledger.after = async (call) => {
        if (call.startsWith('debit')) await lab.stores.cancels.cancel({ paymentRequestId });
        return call.startsWith('reverse') ? LOST : undefined;
      };
      expect(await lab.service.take(confirmed)).toMatchObject({ order: { status: 'CANCELLED' } });
      expect(await lab.workOn(confirmed)).toMatchObject({ debits: [{ status: 'REVERSING' }] });
      lab.ledger.after = async () => undefined;
      expect(await lab.workOn(confirmed)).toMatchObject({
        status: 'CANCELLED',
        debits: [{ status: 'REVERSED' }],
      });
      expect(lab.ledger.held()).toEqual([]);
    });
  });
});
