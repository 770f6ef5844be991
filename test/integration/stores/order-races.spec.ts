import type { PaymentOrder } from '../../../src/payment-order/order/payment-order.js';
import type { ConfirmedOrder } from '../../../src/payment-order/debit/debit.js';
import { anOrder, confirm } from '../../support/builders/an-order.js';
import { eventsOf, keptOrder } from '../../support/builders/kept-order.js';
import { until } from '../../support/service/until.js';
import { OpenedStores } from '../../support/builders/opened-stores.js';

jest.setTimeout(120_000);

const TERMINAL = new Set(['PAID', 'FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED']);
const PAID_AT = '2026-03-01T12:00:00+00:00';
const ROUNDS = 12;

/** Moves that are made at the same moment, each over a connection of its own; the database decides. */
describe('two moves of one order at the same moment', () => {
  let stores: OpenedStores;
  beforeAll(async () => {
    stores = await OpenedStores.open(16);
  });
  afterEach(() => stores.letClockRun());
  afterAll(() => stores.close());

  type Move = (order: PaymentOrder) => Promise<unknown>;
  const moves = (): Record<string, Move> => ({
    confirm: (order) => confirm(stores, order),
    decline: (order) => stores.orders.decline(order, 'wallet-app'),
    expire: (order) => stores.orders.expire(order),
    cancel: async (order) => {
      const { closedNow } = await stores.cancels.cancel({ paymentRequestId: order.paymentRequestId });
      return closedNow;
    },
  });
  const names = ['confirm', 'decline', 'expire', 'cancel'];
  const pairs = names.flatMap((one) => names.map((two) => [one, two] as const));

  /** No order is open and expired at once; so the clock is moved to give `expire` a chance. */
  const orderFor = async (one: string, two: string): Promise<PaymentOrder> => {
    const expiring = one === 'expire' || two === 'expire';
    const order = await anOrder(stores).decoded();
    if (expiring && one === two) await stores.freezeClock(new Date(order.expiresAt.getTime() + 1));
    return order;
  };

  it.each(pairs)('%s against %s: exactly one wins, and leaves one end behind', async (one, two) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const order = await orderFor(one, two);
      const made = moves();
      if (one !== two && (one === 'expire' || two === 'expire')) {
        await expiryAgainst(order, one === 'expire' ? two : one);
      } else {
        const results = await Promise.all([made[one]!(order), made[two]!(order)]);
        expect(results.filter(Boolean)).toHaveLength(1);
      }
      await expectOneEnd(order.paymentId);
      await stores.letClockRun();
    }
  });

  /** The clock passes the expiry while the two are under way. */
  async function expiryAgainst(order: PaymentOrder, other: string): Promise<void> {
    const { expiresAt } = order;
    await stores.freezeClock(new Date(expiresAt.getTime() - 1));
    const made = moves();
    const results = await Promise.all([
      stores.sql('update test_clock set now = $1', [expiresAt]),
      ...['expire', other, 'expire', other].map((name) => made[name]!(order)),
    ]);
    const winners = results.slice(1).filter(Boolean);
    // Before the expiry nothing may expire it, after it nothing may confirm it: there may be no winner yet.
    expect(winners.length).toBeLessThanOrEqual(1);
    if (winners.length === 0) await stores.orders.expire(order);
  }

  async function expectOneEnd(paymentId: string): Promise<void> {
    const kept = await keptOrder(stores, paymentId);
    const ends = kept.history.filter(({ to_status: to }) => TERMINAL.has(to));
    if (TERMINAL.has(kept.status)) {
      expect(ends).toHaveLength(1);
      expect(kept.notifications).toHaveLength(1);
      expect(kept.debits).toEqual([]);
    } else {
      expect(kept.status).toBe('DEBITING');
      expect(ends).toEqual([]);
      expect(kept.notifications).toEqual([]);
      expect(kept.debits).toMatchObject([{ status: 'INTENDED', sequence: 1 }]);
    }
  }

  it('many confirms and declines of one order: one move in all', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const order = await anOrder(stores).decoded();
      const made = moves();
      const results = await Promise.all(
        Array.from({ length: 12 }, (_, at) => made[at % 2 ? 'confirm' : 'decline']!(order)),
      );
      expect(results.filter(Boolean)).toHaveLength(1);
      await expectOneEnd(order.paymentId);
    }
  });

  describe('the answers of the ledger', () => {
    const answers = (): Record<string, (confirmed: ConfirmedOrder) => Promise<PaymentOrder | undefined>> => ({
      debited: (confirmed) => stores.debits.debited(confirmed, 'ledger-1', PAID_AT),
      refused: (confirmed) =>
        stores.debits.refused(confirmed, 'REFUSED', {
          resultStatus: 'F',
          resultCode: 'UNAVAILABLE_PAYMENT_METHOD',
          resultMessage: 'no',
        }),
      tooLate: (confirmed) => stores.debits.tooLate(confirmed),
      reopened: (confirmed) => stores.debits.reopened(confirmed, 'INSUFFICIENT_BALANCE'),
    });
    const kinds = ['debited', 'refused', 'tooLate', 'reopened'];
    const pairsOfAnswers = kinds.flatMap((one) => kinds.map((two) => [one, two] as const));

    it.each(pairsOfAnswers)(
      '%s against %s: one settles the debit, the other finds it settled',
      async (one, two) => {
        for (let round = 0; round < ROUNDS; round += 1) {
          const confirmed = await anOrder(stores).confirmed();
          const made = answers();
          const settled = await Promise.all([
            made[one]!(confirmed),
            made[two]!(confirmed),
            stores.debits.inDoubt(confirmed.debit.debitId, 'timeout', 0).then(() => undefined),
          ]);
          expect(settled.filter(Boolean)).toHaveLength(1);
          const kept = await keptOrder(stores, confirmed.order.paymentId);
          expect(kept.debits).toHaveLength(1);
          expect(kept.notifications).toHaveLength(TERMINAL.has(kept.status) ? 1 : 0);
          const moved = eventsOf(kept).filter((event) => event !== 'DEBIT_IN_DOUBT');
          expect(moved).toHaveLength(3);
        }
      },
    );

    it.each(kinds)('%s against a cancel: the order ends cancelled, or is undone afterwards', async (kind) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const confirmed = await anOrder(stores).confirmed();
        const { paymentId, paymentRequestId } = confirmed.order;
        await Promise.all([answers()[kind]!(confirmed), stores.cancels.cancel({ paymentRequestId })]);
        const kept = await keptOrder(stores, paymentId);
        const mayHaveEndedBefore = kind === 'refused' ? 'FAILED' : 'EXPIRED';
        expect([
          'CANCELLED',
          kind === 'debited' || kind === 'reopened' ? 'CANCELLED' : mayHaveEndedBefore,
        ]).toContain(kept.status);
        expect(kept.debits).toMatchObject([{ status: kind === 'debited' ? 'REVERSING' : 'REFUSED' }]);
        expect(kept.notifications).toHaveLength(1);
      }
    });
  });

  it('numbers a debit correctly although another one came and went while its confirm waited', async () => {
    const first = await anOrder(stores).confirmed();
    const open = await stores.debits.reopened(first, 'INSUFFICIENT_BALANCE');
    const { confirming } = await stores.database.transaction(async (transaction) => {
      const inside = stores.within(transaction);
      const second = await confirm(inside, open!);
      // Waits for this transaction, having looked at the rows before it began to wait.
      const waiting = confirm(stores, open!);
      await until('it waits', () => stores.isBlocked());
      await inside.debits.reopened(second!, 'INSUFFICIENT_BALANCE');
      return { confirming: waiting };
    });
    expect((await confirming)?.order.status).toBe('DEBITING');
    const kept = await keptOrder(stores, first.order.paymentId);
    expect(kept.debits).toMatchObject([
      { sequence: 1, status: 'REFUSED' },
      { sequence: 2, status: 'REFUSED' },
      { sequence: 3, status: 'INTENDED' },
    ]);
  });

  it('reopening and confirming again and again at once: every debit has its number, one at most is effective', async () => {
    for (let round = 0; round < 6; round += 1) {
      const first = await anOrder(stores).confirmed();
      const { order } = first;
      let open = first;
      const payers = Array.from({ length: 6 }, async () => {
        for (let tries = 0; tries < 8; tries += 1) {
          const confirmed = await confirm(stores, order);
          if (confirmed) open = confirmed;
        }
      });
      const ledger = async () => {
        for (let answers = 0; answers < 12; answers += 1) {
          await stores.debits.reopened(open, 'INSUFFICIENT_BALANCE');
        }
      };
      await Promise.all([...payers, ledger()]);
      const kept = await keptOrder(stores, order.paymentId);
      expect(kept.debits.map(({ sequence }) => sequence)).toEqual(kept.debits.map((_debit, at) => at + 1));
      expect(kept.debits.filter(({ status }) => status !== 'REFUSED').length).toBeLessThanOrEqual(1);
    }
  });
});
