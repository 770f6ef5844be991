import { cut } from '../alipay-plus/wire/characters.js';
import type { UserInitiatedPayResponse } from '../alipay-plus/wire/user-initiated-pay.js';

/**
 * Flags that ask for something a payment must not skip. An order that asks for one is held, so that it can expire or
 * be cancelled but not be paid, until the settings say that the wallet does what the flag asks for.
 */
export const GUARDED_FLAGS = [
  'needOtpVerification',
  'needCheckCompliance',
  'isDeferredPayment',
  'isPaymentEvaluation',
  'isAuthorizationAndPay',
  'isAgreementPayment',
] as const;

/** A field of the answer that money depends on, and the rule it breaks. */
export interface NotPayable {
  readonly field: string;
  readonly rule: string;
}

/** Between the reasons of one order. */
export const AND = ' + ';

/**
 * Why the order of this answer may not be paid, in fixed words; undefined when it may. Every reason is named: an
 * operator who releases an order judges all of them, and a missing one would be skipped unseen.
 *
 * @param amountFlag what does not fit among the amounts, when that alone is to hold an order
 */
export function heldReason(
  response: UserInitiatedPayResponse,
  notPayable: readonly NotPayable[],
  supportedFlags: readonly string[],
  amountFlag?: string,
): string | undefined {
  const actionType = response.actionForm?.actionType;
  // Without its payload the SDK cannot work; that is a faulty answer and reported as one below.
  if (actionType === 'HANDLE_BY_SDK' && response.actionForm?.sdkActionPayload !== undefined)
    return actionType;
  if (response.actionForm && actionType !== 'HANDLE_BY_PSP' && actionType !== 'HANDLE_BY_SDK')
    return 'UNSUPPORTED_ACTION';
  const reasons = [
    ...flagReasons(response, supportedFlags),
    ...answerReasons(response, notPayable),
    ...(amountFlag === undefined ? [] : [`AMOUNT_CHECK: ${amountFlag}`]),
  ];
  return reasons.length === 0 ? undefined : reasons.join(AND);
}

function flagReasons(response: UserInitiatedPayResponse, supportedFlags: readonly string[]): string[] {
  const asked = GUARDED_FLAGS.filter(
    (flag) => response.paymentFactor?.[flag] === true && !supportedFlags.includes(flag),
  );
  return asked.length > 0 ? [`UNSUPPORTED_FLAG: ${asked.join(', ')}`] : [];
}

function answerReasons(response: UserInitiatedPayResponse, notPayable: readonly NotPayable[]): string[] {
  const faults = notPayable.map(({ field, rule }) => `${field} ${rule}`);
  if (faults.length > 0) return [cut(`NOT_PAYABLE: ${faults.join('; ')}`, 1_000)];
  return response.paymentExpiryTime === undefined ? ['NOT_PAYABLE: paymentExpiryTime is missing'] : [];
}
