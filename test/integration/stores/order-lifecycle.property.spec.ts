import fc from 'fast-check';
import {
  PAYMENT_STATUSES,
  isTerminal,
  TRANSITIONS,
  type PaymentEvent,
  type PaymentStatus,
} from '../../../src/payment-order/order/payment-status.js';
import { anOrder } from '../../support/builders/an-order.js';
import { keptOrder, type KeptOrder } from '../../support/builders/kept-order.js';
import { OpenedStores } from '../../support/builders/opened-stores.js';
import { EVENTS, OrderWalk, type WalkEvent } from '../../support/builders/order-walk.js';

jest.setTimeout(120_000);

/** Lines of the history that do not move the order. */
const STANDING_STILL = new Set(['DEBIT_IN_DOUBT', 'DECODED_DIFFERENTLY', 'REVERSED']);

const event = fc.constantFrom(...EVENTS);
const way = fc.array(event, { minLength: 1, maxLength: 16 });

describe('any sequence of events on an order', () => {
  let stores: OpenedStores;
  beforeAll(async () => {
    stores = await OpenedStores.open(16);
  });
  afterEach(() => stores.letClockRun());
  afterAll(() => stores.close());

  const start = async (isHeld: boolean): Promise<OrderWalk> => {
    await stores.letClockRun();
    const builder = anOrder(stores);
    return new OrderWalk(stores, await (isHeld ? builder.held() : builder).decoded());
  };

  it('leads to the status of the transition table, step by step', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), way, async (isHeld, events) => {
        const walk = await start(isHeld);
        const model = new Model(isHeld ? 'HELD' : 'AWAITING_CONFIRMATION');
        for (const happened of events) {
          const moved = await walk.step(happened);
          expect([happened, moved]).toEqual([happened, model.step(happened)]);
          expect((await stores.orders.find(walk.paymentId))?.status).toBe(model.status);
        }
        expectSound(await keptOrder(stores, walk.paymentId));
      }),
      { numRuns: 60 },
    );
  });

  it('leaves a history that follows the table when three sequences run at the same moment', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), way, way, way, async (isHeld, ...ways) => {
        const walk = await start(isHeld);
        await Promise.all(
          ways.map(async (events) => {
            // All three share one clock, so that none of them moves it past the deadline; the tests above do.
            for (const happened of events) if (happened !== 'late') await walk.step(happened);
          }),
        );
        expectSound(await keptOrder(stores, walk.paymentId));
      }),
      { numRuns: 40 },
    );
  });
});

/** Facts that hold for an order at any moment. */
function expectSound(kept: KeptOrder): void {
  let at: PaymentStatus | null = null;
  const ends: PaymentStatus[] = [];
  for (const line of kept.history) {
    expect(line.from_status).toBe(at);
    const to = PAYMENT_STATUSES.find((status) => status === line.to_status);
    if (to === undefined) throw new Error(`no status: ${line.to_status}`);
    if (STANDING_STILL.has(line.event)) expect(to).toBe(at);
    else if (at !== null)
      expect([line.event, new Map(Object.entries(TRANSITIONS[at])).get(line.event)]).toEqual([
        line.event,
        to,
      ]);
    if (isTerminal(to) && to !== at) ends.push(to);
    at = to;
  }
  expect(kept.status).toBe(at);
  expect(ends.length <= 1 || ends.join() === 'PAID,CANCELLED').toBe(true);
  expectAgreement(kept, ends);
  expectOneEffectiveDebit(kept);
}

/** The frozen body has the first end of the order; a paid order that was undone was notified as paid. */
function expectAgreement(kept: KeptOrder, ends: readonly PaymentStatus[]): void {
  const [first] = ends;
  expect(kept.notifications).toHaveLength(first === undefined ? 0 : 1);
  if (first === undefined) {
    expect(kept.result).toBe('');
    return;
  }
  const { paymentResult, paymentTime } = JSON.parse(String(kept.notifications[0]?.body));
  expect(paymentResult.resultStatus).toBe(first === 'PAID' ? 'S' : 'F');
  expect(paymentTime !== undefined).toBe(first === 'PAID');
  if (ends.length === 1) {
    expect(kept.result).toBe(`${paymentResult.resultStatus} ${paymentResult.resultCode}`);
  } else {
    expect(kept.result).toBe('F ORDER_IS_CLOSED');
  }
}

function expectOneEffectiveDebit({ status, debits }: KeptOrder): void {
  expect(debits.map(({ sequence }) => sequence)).toEqual(debits.map((_debit, index) => index + 1));
  const effective = debits.filter((debit) => debit.status !== 'REFUSED').map((debit) => debit.status);
  const allowed: Partial<Record<string, string[]>> = {
    DEBITING: ['INTENDED', 'IN_DOUBT'],
    PAID: ['DEBITED'],
    CANCELLED: ['REVERSING', 'REVERSED'],
  };
  const must = status === 'DEBITING' || status === 'PAID';
  expect(effective.length).toBeLessThanOrEqual(1);
  if (must) expect(effective).toHaveLength(1);
  for (const one of effective) expect(allowed[status] ?? []).toContain(one);
}

/** The event that an answer of the ledger is to the order; other events are no answers. */
const ANSWERS: Partial<Record<WalkEvent, PaymentEvent>> = {
  debited: 'DEBITED',
  refused: 'REFUSED',
  'too-late': 'TOO_LATE',
  reopened: 'REOPENED',
};

/** The rules of the design, in their shortest form. */
class Model {
  private isLate = false;
  private isCancelled = false;
  private isAnsweredTwice = false;

  constructor(public status: PaymentStatus) {}

  /** Whether the event moves the order. */
  step(event: WalkEvent): boolean {
    const before = this.status;
    this.status = this.after(event);
    return this.status !== before;
  }

  private after(event: WalkEvent): PaymentStatus {
    switch (event) {
      case 'late':
        this.isLate = true;
        return this.status;
      case 'cancel':
        this.isCancelled = true;
        return this.status === 'DEBITING' ? this.status : this.by('CANCELLED');
      case 'confirm':
        return this.isLate || this.isCancelled ? this.status : this.by('CONFIRMED');
      case 'decline':
        return this.by('DECLINED');
      case 'close':
      case 'release':
        return this.afterOperator(event);
      case 'rescan':
        this.isAnsweredTwice = true;
        return this.status;
      case 'expire':
        return this.isLate ? this.by('EXPIRED') : this.status;
      default:
        return this.answered(ANSWERS[event]);
    }
  }

  private afterOperator(act: 'close' | 'release'): PaymentStatus {
    const isUnpaid = this.status === 'AWAITING_CONFIRMATION' || this.status === 'HELD';
    if (act === 'close') return isUnpaid ? this.by('CANCELLED') : this.status;
    const isSpoilt = this.isLate || this.isCancelled || this.isAnsweredTwice;
    return isSpoilt ? this.status : this.by('RELEASED');
  }

  private answered(answer: PaymentEvent | undefined): PaymentStatus {
    if (answer === undefined || this.status !== 'DEBITING') return this.status;
    return this.by(this.isCancelled ? 'CANCELLED' : answer);
  }

  private by(event: PaymentEvent): PaymentStatus {
    return TRANSITIONS[this.status][event] ?? this.status;
  }
}
