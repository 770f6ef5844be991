import fc from 'fast-check';
import type { Money } from '../order/money.js';
import type { OrderContent } from '../order/order-content.js';
import type { PaymentOrder } from '../order/payment-order.js';
import { judgeRefund, NO_GAP, NOTHING_REFUNDED, type RecordGap, type RefundedSoFar } from './refund-rules.js';
import type { RefundRequest } from './refund.js';

const jpy = (value: bigint): Money => ({ currency: 'JPY', value });
const hkd = (value: bigint): Money => ({ currency: 'HKD', value });

/** 1000 JPY at 8.561: the payer paid 8561 HKD cents. */
function anOrder(change: Partial<PaymentOrder> = {}, content: Partial<OrderContent> = {}): PaymentOrder {
  const at = new Date('2026-03-01T12:00:00Z');
  return {
    paymentId: 'payment-1',
    paymentRequestId: 'request-1',
    customerId: 'payer-1',
    status: 'PAID',
    scenario: 'MERCHANT_PRESENTED',
    expiresAt: at,
    notifyUrl: 'https://alipay.example',
    contentConflict: false,
    askLedger: false,
    createdAt: at,
    updatedAt: at,
    readAt: at,
    paymentAmount: jpy(1_000n),
    payToAmount: hkd(8_561n),
    payAmount: hkd(8_561n),
    content: {
      promotions: [],
      surcharged: false,
      exchangeRate: { quoteCurrencyPair: 'JPY/HKD', quotePrice: '8.561' },
      ...content,
    },
    ...change,
  };
}

function aRequest(change: Partial<RefundRequest> = {}): RefundRequest {
  return {
    refundRequestId: 'refund-1',
    paymentRequestId: 'request-1',
    paymentId: 'payment-1',
    refundAmount: jpy(30n),
    refundFromAmount: hkd(257n),
    content: '{}',
    ...change,
  };
}

const after = (change: Partial<RefundedSoFar>): RefundedSoFar => ({
  ...NOTHING_REFUNDED,
  count: 1,
  ...change,
});
const all = aRequest({ refundAmount: jpy(1_000n), refundFromAmount: hkd(8_561n) });

describe('the decision about a refund', () => {
  it.each<[string, PaymentOrder | undefined, RefundRequest, RefundedSoFar, string]>([
    ['an order nobody knows', undefined, aRequest(), NOTHING_REFUNDED, 'ORDER_NOT_EXIST'],
    [
      'another paymentId',
      anOrder(),
      aRequest({ paymentId: 'payment-2' }),
      NOTHING_REFUNDED,
      'ORDER_NOT_EXIST',
    ],
    [
      'an unpaid order',
      anOrder({ status: 'AWAITING_CONFIRMATION' }),
      aRequest(),
      NOTHING_REFUNDED,
      'ORDER_STATUS_INVALID',
    ],
    ['a held order', anOrder({ status: 'HELD' }), aRequest(), NOTHING_REFUNDED, 'ORDER_STATUS_INVALID'],
    ['a failed order', anOrder({ status: 'FAILED' }), aRequest(), NOTHING_REFUNDED, 'ORDER_STATUS_INVALID'],
    [
      'an expired order',
      anOrder({ status: 'EXPIRED' }),
      aRequest(),
      NOTHING_REFUNDED,
      'ORDER_STATUS_INVALID',
    ],
    ['a cancelled order', anOrder({ status: 'CANCELLED' }), aRequest(), NOTHING_REFUNDED, 'ORDER_IS_CLOSED'],
    [
      'a paid order that is being cancelled',
      anOrder({ cancelRequestedAt: new Date() }),
      aRequest(),
      NOTHING_REFUNDED,
      'ORDER_IS_CLOSED',
    ],
    [
      'one unit too much',
      anOrder(),
      aRequest({ refundAmount: jpy(1_001n) }),
      NOTHING_REFUNDED,
      'REFUND_AMOUNT_EXCEED',
    ],
    ['one unit more than is left', anOrder(), all, after({ refund: 1n }), 'REFUND_AMOUNT_EXCEED'],
    [
      'too much in our currency',
      anOrder(),
      aRequest({ refundFromAmount: hkd(8_563n) }),
      NOTHING_REFUNDED,
      'REFUND_AMOUNT_EXCEED',
    ],
    [
      'anything when all is given back',
      anOrder(),
      aRequest({ refundAmount: jpy(1n), refundFromAmount: hkd(1n) }),
      after({ refund: 999n, refundFrom: 8_561n, back: 8_561n }),
      'REFUND_AMOUNT_EXCEED',
    ],
    [
      'another currency than the order has',
      anOrder(),
      aRequest({ refundAmount: hkd(30n) }),
      NOTHING_REFUNDED,
      'PARAM_ILLEGAL',
    ],
    [
      'another currency than ours',
      anOrder(),
      aRequest({ refundFromAmount: jpy(257n) }),
      NOTHING_REFUNDED,
      'PARAM_ILLEGAL',
    ],
    [
      'no amount in our currency',
      anOrder(),
      aRequest({ refundFromAmount: undefined as never }),
      NOTHING_REFUNDED,
      'PARAM_ILLEGAL',
    ],
  ])('refuses %s', (_what, order, request, sofar, resultCode) => {
    expect(judgeRefund(order, request, sofar)).toMatchObject({ outcome: 'refused', refusal: { resultCode } });
  });

  it('is not final while the debit is under way', () => {
    expect(judgeRefund(anOrder({ status: 'DEBITING' }), aRequest(), NOTHING_REFUNDED)).toEqual({
      outcome: 'undecided',
    });
  });

  it.each<[string, PaymentOrder | undefined, Partial<RecordGap>, string]>([
    ['an order that may be lost', undefined, { mayBeLost: true }, 'only ledger knows'],
    [
      'an open order of which the ledger may know more',
      anOrder({ status: 'AWAITING_CONFIRMATION', askLedger: true }),
      {},
      'only ledger knows',
    ],
    ['a cancelled one of that kind', anOrder({ status: 'CANCELLED', askLedger: true }), {}, 'refused'],
    ['an expired one', anOrder({ status: 'EXPIRED' }), { mayBeLost: true }, 'refused'],
  ])('is not final for %s only', (_what, order, gap, outcome) => {
    expect(judgeRefund(order, aRequest(), NOTHING_REFUNDED, { ...NO_GAP, ...gap }).outcome).toBe(outcome);
  });

  it('accepts a payment under its id from before records were lost, and flags it', () => {
    const request = aRequest({ paymentId: '0195f2a4-9d02-7f10-8a44-51c8f0b2e9aa' });
    const another = { ...NO_GAP, mayHaveBeenAnother: true };
    expect(judgeRefund(anOrder(), request, NOTHING_REFUNDED, another)).toMatchObject({
      outcome: 'accepted',
      flag: 'PAYMENT_ID_DIFFERS',
    });
    expect(judgeRefund(anOrder(), request, NOTHING_REFUNDED).outcome).toBe('refused');
  });

  it('does not refuse a refund that is too large only with refunds that the ledger may still refuse', () => {
    const sofar = { ...NOTHING_REFUNDED, count: 1, unsettled: 1, refund: 10n ** 30n };
    expect(judgeRefund(anOrder(), aRequest(), sofar, { ...NO_GAP, mayRefuseOthers: true }).outcome).toBe(
      'undecided',
    );
    expect(judgeRefund(anOrder(), aRequest(), sofar).outcome).toBe('refused');
  });

  it('gives back the amount in our currency, in part or whole', () => {
    const accepted = (backAmount: Money) => ({ outcome: 'accepted', backAmount });
    expect(judgeRefund(anOrder(), aRequest(), NOTHING_REFUNDED)).toEqual(accepted(hkd(257n)));
    expect(judgeRefund(anOrder(), all, NOTHING_REFUNDED)).toEqual(accepted(hkd(8_561n)));
  });

  it('reads one amount for both within one currency', () => {
    const order = anOrder({ paymentAmount: hkd(50n), payToAmount: hkd(50n), payAmount: hkd(50n) });
    const { refundFromAmount: _none, ...request } = aRequest({ refundAmount: hkd(20n) });
    expect(judgeRefund(order, request, NOTHING_REFUNDED)).toEqual({
      outcome: 'accepted',
      backAmount: hkd(20n),
    });
    const more = { ...request, refundAmount: hkd(31n) };
    expect(judgeRefund(order, more, after({ refund: 20n, refundFrom: 20n, back: 20n }))).toMatchObject({
      outcome: 'refused',
    });
  });

  it('gives back the named surcharged amount, or the settled one where none is named', () => {
    const order = anOrder({ payAmount: hkd(8_916n) }, { surcharged: true });
    const named = { ...all, surchargeAmount: hkd(8_916n) };
    expect(judgeRefund(order, named, NOTHING_REFUNDED)).toEqual({
      outcome: 'accepted',
      backAmount: hkd(8_916n),
    });
    expect(judgeRefund(order, all, NOTHING_REFUNDED)).toEqual({
      outcome: 'accepted',
      backAmount: hkd(8_561n),
    });
    const tooMuch = { ...all, surchargeAmount: hkd(8_918n) };
    expect(judgeRefund(order, tooMuch, NOTHING_REFUNDED)).toMatchObject({ outcome: 'refused' });
  });

  it('gives back the rest when the refunds exceed the whole only by rounding', () => {
    const last = aRequest({ refundAmount: jpy(500n), refundFromAmount: hkd(4_281n) });
    const first = after({ refund: 500n, refundFrom: 4_281n, back: 4_281n });
    expect(judgeRefund(anOrder(), last, first)).toEqual({ outcome: 'accepted', backAmount: hkd(4_280n) });
  });

  it.each<[string, Partial<RefundRequest>, string]>([
    ['amounts that are not the rate of the payment', { refundFromAmount: hkd(300n) }, 'RATE_DOES_NOT_FIT'],
    ['another rate', { quote: { quoteCurrencyPair: 'JPY/HKD', quotePrice: '8.6' } }, 'QUOTE_DIFFERS'],
    ['a surcharge that was never paid', { surchargeAmount: hkd(257n) }, 'SURCHARGE_WITHOUT_NEED'],
  ])('accepts and flags %s', (_what, change, flag) => {
    expect(judgeRefund(anOrder(), aRequest(change), NOTHING_REFUNDED)).toMatchObject({
      outcome: 'accepted',
      flag,
    });
  });

  it('treats a rate written with other zeros as the same', () => {
    const quote = { quoteCurrencyPair: 'JPY/HKD', quotePrice: '8.56100' };
    expect(judgeRefund(anOrder(), aRequest({ quote }), NOTHING_REFUNDED)).not.toHaveProperty('flag');
  });
});

describe('refunds of any order, in any number, order and size', () => {
  const amount = fc.bigInt({ min: 1n, max: 10n ** 20n });

  it('never give back more than was paid in any currency, and never refuse a rest because of rounding', () => {
    fc.assert(
      fc.property(
        fc.record({
          paid: amount,
          hundredths: fc.integer({ min: 1, max: 100_000 }),
          surcharge: fc.bigInt({ min: 0n, max: 999n }),
        }),
        fc.array(
          fc.record({ part: fc.integer({ min: 1, max: 400 }), off: fc.integer({ min: -2, max: 2 }) }),
          { maxLength: 12 },
        ),
        ({ paid, hundredths, surcharge }, asks) => {
          const at = (value: bigint): bigint => (value * BigInt(hundredths) + 50n) / 100n;
          if (at(paid) < 1n) return;
          const payAmount = hkd(at(paid) + surcharge);
          const order = anOrder({ paymentAmount: jpy(paid), payToAmount: hkd(at(paid)), payAmount });
          let sofar = NOTHING_REFUNDED;
          for (const { part, off } of asks) {
            const value = (paid * BigInt(part)) / 1_000n;
            const from = at(value) + BigInt(off);
            if (value < 1n || from < 1n) continue;
            const request = aRequest({ refundAmount: jpy(value), refundFromAmount: hkd(from) });
            const verdict = judgeRefund(order, request, sofar);
            if (verdict.outcome !== 'accepted') continue;
            expect(verdict.backAmount.value).toBeGreaterThanOrEqual(1n);
            sofar = {
              count: sofar.count + 1,
              refund: sofar.refund + value,
              refundFrom: sofar.refundFrom + from,
              back: sofar.back + verdict.backAmount.value,
            };
            expect(sofar.refund <= paid).toBe(true);
            expect(sofar.back <= payAmount.value).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('give back all of it when the whole is divided and every part is rounded by itself', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 100_000 }),
        fc.integer({ min: 100, max: 2_000 }),
        fc.integer({ min: 1, max: 8 }),
        (paid, hundredths, parts) => {
          const at = (value: bigint): bigint => (value * BigInt(hundredths) + 50n) / 100n;
          const whole = BigInt(paid);
          const order = anOrder({
            paymentAmount: jpy(whole),
            payToAmount: hkd(at(whole)),
            payAmount: hkd(at(whole)),
          });
          let sofar = NOTHING_REFUNDED;
          for (let part = 1; part <= parts; part += 1) {
            const value = part === parts ? whole - sofar.refund : whole / BigInt(parts);
            const request = aRequest({ refundAmount: jpy(value), refundFromAmount: hkd(at(value)) });
            const verdict = judgeRefund(order, request, sofar);
            if (verdict.outcome !== 'accepted') throw new Error(`part ${part} of ${parts} was refused`);
            sofar = {
              count: part,
              refund: sofar.refund + value,
              refundFrom: sofar.refundFrom + at(value),
              back: sofar.back + verdict.backAmount.value,
            };
          }
          expect(sofar.back <= at(whole)).toBe(true);
          expect(at(whole) - sofar.back <= BigInt(parts)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
