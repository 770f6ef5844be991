import {
  isTerminal,
  PAYMENT_STATUSES as STATUSES,
  TRANSITIONS,
  type PaymentEvent,
} from './payment-status.js';

const EVENTS: PaymentEvent[] = [
  'CONFIRMED',
  'DEBITED',
  'REFUSED',
  'REOPENED',
  'TOO_LATE',
  'DECLINED',
  'EXPIRED',
  'CANCELLED',
  'RELEASED',
  'UNPAYABLE',
];

/** Written out by hand, so that a change of the table has to be made twice and thought about once more. */
const ALLOWED = new Set([
  'AWAITING_CONFIRMATION CONFIRMED DEBITING',
  'AWAITING_CONFIRMATION DECLINED DECLINED',
  'AWAITING_CONFIRMATION EXPIRED EXPIRED',
  'AWAITING_CONFIRMATION CANCELLED CANCELLED',
  'HELD RELEASED AWAITING_CONFIRMATION',
  'HELD UNPAYABLE FAILED',
  'HELD DECLINED DECLINED',
  'HELD EXPIRED EXPIRED',
  'HELD CANCELLED CANCELLED',
  'DEBITING DEBITED PAID',
  'DEBITING REFUSED FAILED',
  'DEBITING REOPENED AWAITING_CONFIRMATION',
  'DEBITING TOO_LATE EXPIRED',
  'DEBITING CANCELLED CANCELLED',
  'PAID CANCELLED CANCELLED',
]);

describe('the transition table', () => {
  it.each(STATUSES.flatMap((from) => EVENTS.map((event) => [from, event] as const)))(
    'from %s on %s goes only where it may',
    (from, event) => {
      const to = TRANSITIONS[from][event];
      const allowed = [...ALLOWED].find((line) => line.startsWith(`${from} ${event} `));
      expect(to === undefined ? undefined : `${from} ${event} ${to}`).toBe(allowed);
    },
  );

  it('knows which statuses are final', () => {
    expect(STATUSES.filter(isTerminal)).toEqual(['PAID', 'FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED']);
  });

  it('lists the statuses in which a cancel may find an order', () => {
    expect(STATUSES.filter((status) => TRANSITIONS[status].CANCELLED !== undefined)).toEqual([
      'AWAITING_CONFIRMATION',
      'HELD',
      'DEBITING',
      'PAID',
    ]);
  });
});
