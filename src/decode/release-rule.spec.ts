import fc from 'fast-check';
import { SUPPORTABLE_FLAGS } from '../payment-order/order/requirements.js';
import { GUARDED_FLAGS, heldReason } from './held-reasons.js';
import { isNeverPayable, judgeRelease } from './release-rule.js';

const mayRelease = (reason: string, flags: readonly string[] = []): boolean =>
  judgeRelease(reason, flags).mayRelease;

describe('an order that is held', () => {
  it('for amounts that do not agree may be released by a person who has checked them', () => {
    expect(judgeRelease('AMOUNT_CHECK: RATE_DOES_NOT_FIT', [])).toEqual({
      mayRelease: true,
      judgement:
        'You judge that the amounts are right although they do not fit each other (RATE_DOES_NOT_FIT).',
    });
  });

  it('for flags may be released once the wallet supports all of them', () => {
    const reason = 'UNSUPPORTED_FLAG: needOtpVerification, needCheckCompliance';
    expect(mayRelease(reason)).toBe(false);
    expect(judgeRelease(reason, ['needOtpVerification'])).toMatchObject({
      mayRelease: false,
      why: expect.stringContaining('needCheckCompliance'),
    });
    expect(mayRelease(reason, ['needOtpVerification', 'needCheckCompliance'])).toBe(true);
  });

  it.each([
    'HANDLE_BY_SDK',
    'UNSUPPORTED_ACTION',
    'NOT_PAYABLE: paymentExpiryTime is missing',
    'NOT_PAYABLE: paymentFactor.x + AMOUNT_CHECK: FINE is a flag we do not know, raised to true',
    'UNSUPPORTED_FLAG: isPaymentEvaluation',
    'UNSUPPORTED_FLAG: isAgreementPayment',
    'UNSUPPORTED_FLAG: needOtpVerification + NOT_PAYABLE: paymentQuote is missing',
    'AMOUNT_CHECK: RATE_DOES_NOT_FIT + HANDLE_BY_SDK',
    'AMOUNT_CHECK: rate',
    'AMOUNT_CHECK: A\nNOT_PAYABLE',
    'SOMETHING_NEW',
    '',
  ])('for %j can never be released, whatever is supported', (reason) => {
    expect(judgeRelease(reason, SUPPORTABLE_FLAGS)).toMatchObject({
      mayRelease: false,
      why: expect.any(String),
    });
  });

  it('is released only when nothing that Alipay+ requires would be skipped', () => {
    const flagSet = fc.subarray([...GUARDED_FLAGS]);
    const faults = fc.array(fc.record({ field: fc.string(), rule: fc.string() }), { maxLength: 2 });
    const form = fc.constantFrom(undefined, 'HANDLE_BY_PSP', 'HANDLE_BY_SDK', 'OTHER');
    fc.assert(
      fc.property(
        flagSet,
        fc.subarray<string>(SUPPORTABLE_FLAGS),
        faults,
        form,
        fc.boolean(),
        (asked, now, broken, action, flagged) => {
          const response = {
            result: { resultStatus: 'S', resultCode: 'SUCCESS' },
            paymentExpiryTime: '2026-03-01T12:00:00+08:00',
            paymentFactor: Object.fromEntries(asked.map((flag) => [flag, true])),
            ...(action === undefined ? {} : { actionForm: { actionType: action, sdkActionPayload: 'p' } }),
          };
          const reason = heldReason(response, broken, [], flagged ? 'RATE_DOES_NOT_FIT' : undefined);
          fc.pre(reason !== undefined);
          const nothingSkipped =
            asked.every((flag) => now.includes(flag)) &&
            broken.length === 0 &&
            (action === undefined || action === 'HANDLE_BY_PSP');
          expect(mayRelease(reason, now)).toBe(nothingSkipped);
        },
      ),
    );
  });
});

describe('an order that nobody can ever pay', () => {
  it.each([
    ['NOT_PAYABLE: paymentExpiryTime is missing', true],
    ['UNSUPPORTED_ACTION', true],
    ['UNSUPPORTED_FLAG: isPaymentEvaluation', true],
    ['UNSUPPORTED_FLAG: isAgreementPayment', true],
    ['UNSUPPORTED_FLAG: isDeferredPayment', true],
    ['UNSUPPORTED_FLAG: needOtpVerification, isAgreementPayment', true],
    ['UNSUPPORTED_FLAG: needOtpVerification + NOT_PAYABLE: paymentQuote is missing', true],
    ['AMOUNT_CHECK: RATE_DOES_NOT_FIT + UNSUPPORTED_ACTION', true],
    ['SOMETHING_NEW', true],
    // The payer's app can act on it, a setting may allow it, or a person may judge it.
    ['HANDLE_BY_SDK', false],
    ['UNSUPPORTED_FLAG: needOtpVerification', false],
    ['AMOUNT_CHECK: RATE_DOES_NOT_FIT', false],
    ['UNSUPPORTED_FLAG: needOtpVerification + AMOUNT_CHECK: AMOUNTS_DIFFER', false],
  ])('is recognised by its reasons: %s is %s', (reason, isNever) => {
    expect(isNeverPayable(reason)).toBe(isNever);
  });

  it('can never be released, whatever is supported', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...REASONS), { minLength: 1, maxLength: 3 }), (reasons) => {
        const reason = reasons.join(' + ');
        expect(isNeverPayable(reason) && mayRelease(reason, SUPPORTABLE_FLAGS)).toBe(false);
      }),
    );
  });
});

const REASONS = [
  ...GUARDED_FLAGS.map((flag) => `UNSUPPORTED_FLAG: ${flag}`),
  'HANDLE_BY_SDK',
  'UNSUPPORTED_ACTION',
  'NOT_PAYABLE: x is missing',
  'AMOUNT_CHECK: AMOUNTS_DIFFER',
];
