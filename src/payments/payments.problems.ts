import type { Refusal } from '../alipay-plus/codes/result-codes.js';
import { ProblemError } from '../platform/http/problem-error.js';
import { problemsOf, type ProblemTable } from '../platform/http/problem-table.js';

export type PaymentsProblemCode =
  | 'NOT_FOUND'
  | 'DECODE_GIVEN_UP'
  | 'FORBIDDEN_CUSTOMER'
  | 'ORDER_EXPIRED'
  | 'QUOTE_EXPIRED'
  | 'AMOUNT_CHANGED'
  | 'ORDER_IS_CLOSED'
  | 'ORDER_HELD'
  | 'INSUFFICIENT_BALANCE';

const TABLE: ProblemTable<PaymentsProblemCode> = {
  NOT_FOUND: { status: 404, title: 'Not found', detail: 'There is nothing under this id.' },
  DECODE_GIVEN_UP: {
    status: 422,
    title: 'No answer in time',
    detail: 'This code could not be read in time. Nothing was paid; scan it again.',
  },
  FORBIDDEN_CUSTOMER: {
    status: 403,
    title: 'Another customer',
    detail: 'This token may only act for its own customer.',
  },
  ORDER_EXPIRED: {
    status: 409,
    title: 'Order expired',
    detail: 'The time to pay is over. Scan the code again.',
  },
  QUOTE_EXPIRED: {
    status: 409,
    title: 'Exchange rate expired',
    detail: 'The exchange rate is no longer valid. Ask the merchant for a new code.',
  },
  AMOUNT_CHANGED: {
    status: 409,
    title: 'Amount differs',
    detail:
      'The amount or quote is not the one of this payment. Read the payment again and show it to the payer.',
  },
  ORDER_IS_CLOSED: { status: 409, title: 'Order closed', detail: 'This order is closed and cannot be paid.' },
  ORDER_HELD: {
    status: 409,
    title: 'Order held',
    detail: 'This order cannot be paid here; see `action` and `heldReason` of the payment.',
  },
  INSUFFICIENT_BALANCE: {
    status: 422,
    title: 'Balance too low',
    detail: 'The balance is too low. The order stays open: top up and confirm again.',
  },
};

export const refuse = problemsOf(TABLE);

/** Refusals that carry the code of the network: decoding failed with F, or the payment failed for good. */
export function refuseWithResult(
  code: string,
  advice: Pick<Refusal, 'httpStatus' | 'payerText' | 'action' | 'messageKey'>,
  more: Readonly<Record<string, unknown>> = {},
): ProblemError {
  return new ProblemError({
    status: advice.httpStatus,
    code,
    title: 'Refused',
    detail: advice.payerText,
    extra: { action: advice.action, messageKey: advice.messageKey, ...more },
  });
}
