import { Expiry } from '../../../src/sweep/expiry.js';
import { LateOrders } from '../../../src/sweep/late-orders.js';
import { SweepFigures } from '../../../src/sweep/sweep-figures.js';
import type { PaymentOrder } from '../../../src/payment-order/order/payment-order.js';
import { EventLog } from '../../../src/platform/logging/event-log.js';
import { Metrics } from '../../../src/platform/metrics/metrics.js';
import { postgresBackend } from '../../../src/platform/queues/postgres-backend.js';
import { WorkQueues } from '../../../src/platform/queues/work-queues.js';
import { anOrder, confirm } from '../../support/builders/an-order.js';
import { keptOrder } from '../../support/builders/kept-order.js';
import { DebitLab } from '../../support/ledger/debit-lab.js';

jest.setTimeout(120_000);

const EVENTS = ['confirm', 'doubt', 'decline', 'cancel', 'expiry', 'sweep'] as const;
type Event = (typeof EVENTS)[number];

/** The state after two events, one after the other: order and debit, and the same once nothing moves any more. */
type Ends = readonly [after: string, atRest: string];

const PAID: Ends = ['PAID/DEBITED', 'PAID/DEBITED'];
const DOUBT: Ends = ['DEBITING/IN_DOUBT', 'PAID/DEBITED'];
const DECLINED: Ends = ['DECLINED/', 'DECLINED/'];
const CANCELLED: Ends = ['CANCELLED/', 'CANCELLED/'];
const UNDONE: Ends = ['CANCELLED/REVERSING', 'CANCELLED/REVERSED'];
const REMEMBERED: Ends = ['DEBITING/IN_DOUBT', 'CANCELLED/REVERSED'];
const OPEN: Ends = ['AWAITING_CONFIRMATION/', 'EXPIRED/'];
const EXPIRED: Ends = ['EXPIRED/', 'EXPIRED/'];

/** A doubt is a confirm whose money was taken and whose answer was lost; an expiry comes from the clock. */
const TABLE: Readonly<Record<Event, Readonly<Record<Event, Ends>>>> = {
  confirm: { confirm: PAID, doubt: PAID, decline: PAID, cancel: UNDONE, expiry: PAID, sweep: PAID },
  doubt: { confirm: DOUBT, doubt: DOUBT, decline: DOUBT, cancel: REMEMBERED, expiry: DOUBT, sweep: PAID },
  decline: {
    confirm: DECLINED,
    doubt: DECLINED,
    decline: DECLINED,
    cancel: DECLINED,
    expiry: DECLINED,
    sweep: DECLINED,
  },
  cancel: {
    confirm: CANCELLED,
    doubt: CANCELLED,
    decline: CANCELLED,
    cancel: CANCELLED,
    expiry: CANCELLED,
    sweep: CANCELLED,
  },
  expiry: {
    confirm: OPEN,
    doubt: OPEN,
    decline: DECLINED,
    cancel: CANCELLED,
    expiry: OPEN,
    sweep: EXPIRED,
  },
  sweep: { confirm: PAID, doubt: DOUBT, decline: DECLINED, cancel: CANCELLED, expiry: OPEN, sweep: OPEN },
};

const PAIRS = EVENTS.flatMap((first) => EVENTS.map((second) => [first, second] as const));
const ROUNDS = 5;

describe('two events of one order', () => {
  let lab: DebitLab;
  let queues: WorkQueues;
  let expiry: Expiry;
  const metrics = new Metrics();
  beforeAll(async () => {
    lab = await DebitLab.open();
    const { stores } = lab;
    const log = new EventLog({ level: 'silent' }, { write: () => undefined });
    queues = new WorkQueues(postgresBackend(stores.url, 'bullmq', 4), log);
    const late = new LateOrders(stores.sweeps, new SweepFigures(metrics), log);
    expiry = new Expiry(late, stores.orders, stores.cancels, lab.service, queues, log);
  });
  afterAll(async () => {
    metrics.onApplicationShutdown();
    await queues.onApplicationShutdown();
    await lab.close();
  });

  const happens: Readonly<Record<Event, (order: PaymentOrder) => Promise<unknown>>> = {
    confirm: (order) => pay(order),
    doubt: (order) => pay(order, true),
    decline: (order) => lab.stores.orders.decline(order, 'wallet-app'),
    cancel: ({ paymentRequestId }) => lab.stores.cancels.cancel({ paymentRequestId }),
    expiry: ({ expiresAt }) => lab.stores.sql('update test_clock set now = $1', [expiresAt]),
    sweep: () => sweep(),
  };

  async function pay(order: PaymentOrder, answerIsLost = false): Promise<void> {
    const confirmed = await confirm(lab.stores, order);
    if (!confirmed) return;
    if (answerIsLost) lab.ledger.lose(confirmed.debit.debitId);
    await lab.service.take(confirmed);
    const due = `update debit set next_attempt_at = db_now() where debit_id = $1 and status = 'IN_DOUBT'`;
    await lab.stores.sql(due, [confirmed.debit.debitId]);
  }

  /** Runs the sweeper's own steps on everything that is due. */
  async function sweep(): Promise<void> {
    await expiry.closeExpired();
    await expiry.finishCancels(0);
    for (const { id } of await lab.stores.sweeps.take('debit', { graceMs: 0, restMs: 0, limit: 100 })) {
      await lab.work.run(id);
    }
  }

  /** An order one minute before its end, with a stopped clock. */
  async function anOpenOrder(): Promise<PaymentOrder> {
    lab.renew();
    await lab.stores.letClockRun();
    const order = await anOrder(lab.stores).decoded();
    await lab.stores.freezeClock(new Date(order.expiresAt.getTime() - 60_000));
    return order;
  }

  /** Passes the end, and sweeps until nothing is due any more; leases without a holder are ended. */
  async function rest(order: PaymentOrder): Promise<void> {
    await lab.stores.freezeClock(new Date(order.expiresAt.getTime() + 3_600_000));
    for (let looks = 0; looks < 4; looks += 1) {
      await lab.stores.sql('delete from sweep_rest');
      await sweep();
    }
  }

  async function standing({ paymentId }: PaymentOrder): Promise<string> {
    const { status, debits } = await keptOrder(lab.stores, paymentId);
    return `${status}/${debits.map((debit) => debit.status).join()}`;
  }

  async function expectSoundRest(order: PaymentOrder): Promise<string> {
    await rest(order);
    const kept = await keptOrder(lab.stores, order.paymentId);
    const debitIds = kept.debits.map(({ debit_id: debitId }) => debitId);
    const held = lab.ledger.held().filter(({ key }) => debitIds.includes(key));
    expect(held).toHaveLength(kept.status === 'PAID' ? 1 : 0);
    expect(lab.ledger.held()).toHaveLength(held.length);
    expect(kept.notifications).toHaveLength(1);
    return standing(order);
  }

  it.each(PAIRS)(
    '%s, then %s: ends as the table says, and holds money only when it is paid',
    async (first, second) => {
      const order = await anOpenOrder();
      await happens[first](order);
      await happens[second](order);
      const [after, atRest] = TABLE[first][second];
      expect(await standing(order)).toBe(after);
      expect(await expectSoundRest(order)).toBe(atRest);
    },
  );

  it.each(PAIRS)(
    '%s and %s at the same moment: as one after the other, whichever was first',
    async (one, two) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const order = await anOpenOrder();
        await Promise.all([happens[one](order), happens[two](order)]);
        expect([TABLE[one][two][1], TABLE[two][one][1]]).toContain(await expectSoundRest(order));
      }
    },
  );
});
