import { SUPPORTABLE_FLAGS } from '../payment-order/order/requirements.js';
import { GUARDED_FLAGS, heldReason } from './held-reasons.js';

const result = { resultStatus: 'S', resultCode: 'SUCCESS' };
const payable = { result, paymentExpiryTime: '2026-03-01T12:00:00+08:00' };

describe('heldReason', () => {
  it('is empty for an answer without special requirements', () => {
    expect(heldReason(payable, [], [])).toBeUndefined();
    const factor = Object.fromEntries(GUARDED_FLAGS.map((flag) => [flag, false]));
    expect(heldReason({ ...payable, paymentFactor: factor }, [], [])).toBeUndefined();
  });

  it.each(GUARDED_FLAGS)('holds an order that requires %s, until the wallet supports it', (flag) => {
    const response = { ...payable, paymentFactor: { [flag]: true } };
    expect(heldReason(response, [], [])).toBe(`UNSUPPORTED_FLAG: ${flag}`);
    expect(heldReason(response, [], [flag])).toBeUndefined();
  });

  it('has no setting that makes an evaluation, an agreement or a deferred payment payable', () => {
    const never = GUARDED_FLAGS.filter((flag) => !SUPPORTABLE_FLAGS.some((one) => one === flag));
    expect(never.toSorted()).toEqual(['isAgreementPayment', 'isDeferredPayment', 'isPaymentEvaluation']);
  });

  it('names every required flag', () => {
    const response = { ...payable, paymentFactor: { needOtpVerification: true, isDeferredPayment: true } };
    expect(heldReason(response, [], [])).toBe('UNSUPPORTED_FLAG: needOtpVerification, isDeferredPayment');
  });

  it('names every reason: an operator who releases the order judges all of them', () => {
    const response = { ...payable, paymentFactor: { needOtpVerification: true } };
    const faults = [{ field: 'payToAmount.value', rule: 'is missing' }];
    expect(heldReason(response, faults, [], 'RATE_DOES_NOT_FIT')).toBe(
      'UNSUPPORTED_FLAG: needOtpVerification + NOT_PAYABLE: payToAmount.value is missing + AMOUNT_CHECK: RATE_DOES_NOT_FIT',
    );
    expect(heldReason(response, faults, ['needOtpVerification'], 'RATE_DOES_NOT_FIT')).toBe(
      'NOT_PAYABLE: payToAmount.value is missing + AMOUNT_CHECK: RATE_DOES_NOT_FIT',
    );
  });

  it.each([
    ['HANDLE_BY_PSP', undefined],
    ['SOMETHING_NEW', 'UNSUPPORTED_ACTION'],
    [undefined, 'UNSUPPORTED_ACTION'],
  ])('holds for the action %s: %s', (actionType, reason) => {
    const actionForm = actionType === undefined ? {} : { actionType };
    expect(heldReason({ ...payable, actionForm }, [], [])).toBe(reason);
  });

  it('holds for the SDK only when there is a payload for it, and otherwise for the faulty answer', () => {
    const actionType = 'HANDLE_BY_SDK';
    const handed = { ...payable, actionForm: { actionType, sdkActionPayload: 'p' } };
    expect(heldReason(handed, [], [])).toBe('HANDLE_BY_SDK');
    const missing = [{ field: 'actionForm.sdkActionPayload', rule: 'is missing' }];
    expect(heldReason({ ...payable, actionForm: { actionType } }, missing, [])).toBe(
      'NOT_PAYABLE: actionForm.sdkActionPayload is missing',
    );
  });

  it('names the faulty fields that money depends on, in a text that fits', () => {
    const faults = [
      { field: 'payToAmount.value', rule: 'is no natural number' },
      { field: 'paymentQuote', rule: 'is missing' },
    ];
    expect(heldReason(payable, faults, [])).toBe(
      'NOT_PAYABLE: payToAmount.value is no natural number; paymentQuote is missing',
    );
    const many = Array.from({ length: 500 }, () => faults[0]!);
    expect(heldReason(payable, many, [])?.length).toBe(1_000);
  });

  it('holds an order whose end is unknown', () => {
    expect(heldReason({ result }, [], [])).toBe('NOT_PAYABLE: paymentExpiryTime is missing');
  });
});
