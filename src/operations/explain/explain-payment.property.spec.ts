import fc from 'fast-check';
import {
  DEBIT_STATUSES,
  isTerminal,
  NOTIFICATION_STATUSES,
  PAYMENT_STATUSES,
  TRANSITIONS,
  type DebitStatus,
} from '../../payment-order/order/payment-status.js';
import { aSnapshot, inSeconds, NOW } from '../spec-support/a-snapshot.js';
import { explainPayment } from './explain-payment.js';

const RULES = { supportedFlags: ['needOtpVerification'] };

describe('the explanation of any rows', () => {
  const anything = fc.record({
    status: fc.constantFrom(...PAYMENT_STATUSES),
    debit: fc.option(fc.constantFrom(...DEBIT_STATUSES), { nil: undefined }),
    notification: fc.option(fc.constantFrom(...NOTIFICATION_STATUSES), { nil: undefined }),
    change: fc.record({
      cancelRequestedAt: fc.option(fc.constant(NOW), { nil: undefined }),
      expiresAt: fc.constantFrom(inSeconds(-1), NOW, inSeconds(60)),
      quoteExpiresAt: fc.constantFrom(undefined, inSeconds(-1), inSeconds(30)),
      contentConflict: fc.boolean(),
      heldReason: fc.constantFrom(
        undefined,
        'HANDLE_BY_SDK',
        'AMOUNT_CHECK: RATE_DOES_NOT_FIT',
        'UNSUPPORTED_FLAG: needOtpVerification',
        'UNSUPPORTED_FLAG: needOtpVerification, needCheckCompliance',
        'NOT_PAYABLE: paymentQuote is missing',
      ),
    }),
    leaseUntil: fc.constantFrom(undefined, inSeconds(-1), inSeconds(9)),
  });

  it('never allows or foresees what the transition table forbids', () => {
    fc.assert(
      fc.property(anything, ({ status, debit, notification, change, leaseUntil }) => {
        const order = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
        const snapshot = aSnapshot(
          { status, debit, notification },
          { order, debit: leaseUntil ? { leaseUntil } : {} },
        );
        const { mayDo, next } = explainPayment(snapshot, RULES);
        const acts = new Set<string>(mayDo.map(({ act }) => act));
        const moves = TRANSITIONS[status];
        const unsettled: (DebitStatus | undefined)[] = ['INTENDED', 'IN_DOUBT', 'REVERSING'];
        for (const { leadsTo } of next) {
          if (leadsTo !== undefined) expect(Object.values(moves)).toContain(leadsTo);
        }
        if (acts.has('close')) {
          expect(moves.CANCELLED).toBe('CANCELLED');
          expect(isTerminal(status)).toBe(false);
          expect([undefined, 'REFUSED']).toContain(debit);
          expect(status).not.toBe('DEBITING');
        }
        if (acts.has('release')) {
          expect(moves.RELEASED).toBe('AWAITING_CONFIRMATION');
          expect(change.cancelRequestedAt).toBeUndefined();
          expect(change.contentConflict).toBe(false);
          expect(change.expiresAt > NOW).toBe(true);
          expect(['AMOUNT_CHECK: RATE_DOES_NOT_FIT', 'UNSUPPORTED_FLAG: needOtpVerification']).toContain(
            change.heldReason,
          );
        }
        if (acts.has('ask-ledger')) expect(unsettled).toContain(debit);
        if (acts.has('redeliver')) {
          expect(isTerminal(status)).toBe(true);
          expect(['PENDING', 'REJECTED', 'PARKED']).toContain(notification);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
