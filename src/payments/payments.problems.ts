import { RESULT_CODES, type PayerAction, type Refusal } from '../alipay-plus/codes/result-codes.js';
import { ApiOptionalOneOf, ApiPropertyOptional } from '../platform/http/api-description.js';
import { ApiProblems } from '../platform/http/api-problems.js';
import { ProblemError, ProblemDto, type FieldFault } from '../platform/http/problem.js';
import { problemsOf, type ProblemTable } from '../platform/http/problem-table.js';
import { HELD_ACTIONS, type HeldAction } from './payment/payment.dto.js';

export type PaymentsProblemCode =
  | 'INVALID_REQUEST'
  | 'NOT_FOUND'
  | 'DECODE_GIVEN_UP'
  | 'FORBIDDEN_CUSTOMER'
  | 'ORDER_EXPIRED'
  | 'QUOTE_EXPIRED'
  | 'AMOUNT_CHANGED'
  | 'ORDER_IS_CLOSED'
  | 'ORDER_HELD'
  | 'INSUFFICIENT_BALANCE'
  | 'PROOF_REQUIRED'
  | 'PROOF_REJECTED';

const TABLE: ProblemTable<PaymentsProblemCode> = {
  INVALID_REQUEST: {
    status: 400,
    title: 'Invalid request',
    detail: 'Some fields are invalid; see `errors`.',
  },
  NOT_FOUND: { status: 404, title: 'Not found', detail: 'There is nothing under this id.' },
  DECODE_GIVEN_UP: {
    status: 422,
    title: 'No answer in time',
    detail: 'This code could not be read in time. Nothing was paid; scan it again.',
  },
  FORBIDDEN_CUSTOMER: {
    status: 403,
    title: 'Wrong customer',
    detail: 'This token may only act for its own customer.',
  },
  ORDER_EXPIRED: {
    status: 409,
    title: 'Order expired',
    detail: 'This order has expired. Scan the code again.',
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
  PROOF_REQUIRED: {
    status: 422,
    title: 'Proof required',
    detail:
      'The order asks for a proof. Confirm with every one that `requirements.proofs` of the payment names.',
  },
  PROOF_REJECTED: {
    status: 422,
    title: 'Proof rejected',
    detail: 'The wallet did not accept the proof. The order stays open: confirm again with a new one.',
  },
};

/** For a payment that failed for good; why exactly is between the payer and the wallet. */
export const PAYMENT_FAILED_ADVICE = {
  httpStatus: 422,
  action: 'CONTACT_SUPPORT',
  messageKey: 'payment.failed',
  payerText: 'The payment was refused and nothing was taken. Please contact customer service.',
} as const;

type AppAction = PayerAction | HeldAction | 'TRY_AGAIN';
const REFUSALS = Object.values(RESULT_CODES).filter((row) => row.status === 'F');
const ACTIONS: readonly AppAction[] = [
  ...new Set([...REFUSALS.map(({ action }) => action), 'TRY_AGAIN' as const, ...HELD_ACTIONS]),
];
const MESSAGE_KEYS: readonly string[] = [
  ...new Set([...REFUSALS.map(({ messageKey }) => messageKey), PAYMENT_FAILED_ADVICE.messageKey]),
];

/** A refusal of a scan or a payment, with what the app does next. */
class PaymentsProblemDto extends ProblemDto {
  @ApiOptionalOneOf(ACTIONS, { description: 'What the app does next.' })
  readonly action?: AppAction;
  @ApiOptionalOneOf(MESSAGE_KEYS, {
    description: 'For an app that translates; `detail` is for one that does not.',
  })
  readonly messageKey?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'The scan that was refused.' })
  readonly scanId?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'The payment that failed.' })
  readonly paymentId?: string;
  @ApiPropertyOptional({ description: 'For the SDK, with HANDLE_BY_SDK.' })
  readonly sdkActionPayload?: string;
}

type Extra = Omit<PaymentsProblemDto, keyof ProblemDto>;

export const refuse = problemsOf<PaymentsProblemCode, Extra>(TABLE);

/** A request that Alipay+ would refuse for its form is refused here, before anything is kept or called. */
export function badRequest(faults: readonly FieldFault[]): ProblemError {
  return refuse('INVALID_REQUEST', { errors: faults });
}

/** Refusals that carry the code of the network: decoding failed with F, or the payment failed for good. */
export function refuseWithResult(
  code: string,
  advice: Pick<Refusal, 'httpStatus' | 'payerText' | 'action' | 'messageKey'>,
  more: Pick<Extra, 'scanId' | 'paymentId'> = {},
): ProblemError {
  const { action, messageKey, payerText, httpStatus: status } = advice;
  const extra: Extra = { action, messageKey, ...more };
  return new ProblemError({ status, code, title: 'Refused', detail: payerText, extra });
}

/** Describes the refusals of an operation. */
export function ApiPaymentsProblems(
  ...codes: readonly PaymentsProblemCode[]
): MethodDecorator & ClassDecorator {
  return ApiProblems(TABLE, codes, { type: PaymentsProblemDto });
}

const RESULT_CODE = 'Otherwise `code` is the result code; `action` tells the app what to do.';

/** The same for an operation that also answers 422 with a result code, of Alipay+ or of the ledger. */
export function ApiResultProblems(
  ...codes: readonly PaymentsProblemCode[]
): MethodDecorator & ClassDecorator {
  return ApiProblems(TABLE, codes, { type: PaymentsProblemDto, openStatuses: { 422: RESULT_CODE } });
}

/** The same for scans, whose result codes also say that somebody else is paying the code. */
export function ApiScanProblems(...codes: readonly PaymentsProblemCode[]): MethodDecorator & ClassDecorator {
  const openStatuses = { 409: 'REPEAT_REQ_INCONSISTENT: the code is in use.', 422: RESULT_CODE };
  return ApiProblems(TABLE, codes, { type: PaymentsProblemDto, openStatuses });
}
