import { RESULT_CODES, type Refusal } from '../alipay-plus/codes/result-codes.js';
import { REFUSALS } from '../debit/refusals.js';
import type { PaymentId } from '../payment-order/order/ids.js';
import { ApiPropertyOptional } from '../platform/http/api-description.js';
import { ApiProblems } from '../platform/http/api-problems.js';
import { PLATFORM_PROBLEMS, platformAdvice } from '../platform/http/platform-problems.js';
import { ProblemError, ProblemDto, type FieldFault } from '../platform/http/problem.js';
import {
  problemsOf,
  type ProblemMore,
  type ProblemTable,
  type ProblemText,
} from '../platform/http/problem-table.js';
import { STANDING_KEYS } from './payment/payment-standing.js';
import { adviceOf, PAYER_ADVICE, type PayerMessageKey } from './payer-advice.js';

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

/** A refusal whose `detail` may be shown to the payer. */
function told(messageKey: PayerMessageKey): Pick<ProblemText, 'detail' | 'extra'> {
  return { detail: PAYER_ADVICE[messageKey].payerText, extra: adviceOf(messageKey) };
}

/** Of refusals in the words of a state. */
const ACTIONS_BY_STATE = ([...STANDING_KEYS, 'payment.in_progress', 'payment.already_paid'] as const).map(
  (key) => PAYER_ADVICE[key].action,
);

/** What the app of a payer is refused with, besides the codes of Alipay+ and of the wallet's ledger. */
export const PAYMENTS_PROBLEMS: ProblemTable<PaymentsProblemCode> = {
  INVALID_REQUEST: PLATFORM_PROBLEMS.INVALID_REQUEST,
  NOT_FOUND: {
    status: 404,
    title: 'Not found',
    detail: 'There is nothing under this id.',
    when: 'There is nothing under this id, or it belongs to another customer than the token.',
    extra: platformAdvice('request.faulty'),
  },
  DECODE_GIVEN_UP: {
    status: 422,
    title: 'No answer in time',
    when: 'Alipay+ did not say what the code means before `givesUpAt`.',
    ...told('scan.no_answer'),
  },
  FORBIDDEN_CUSTOMER: {
    status: 403,
    title: 'Wrong customer',
    detail: 'This token may only act for its own customer.',
    when: 'The token is made for another customer than `customerId`.',
    extra: platformAdvice('request.sign_in'),
  },
  ORDER_EXPIRED: {
    status: 409,
    title: 'Order expired',
    when: 'The order was not paid before `expiresAt`. Its code means the same order for ever.',
    ...told('payment.expired'),
  },
  QUOTE_EXPIRED: {
    status: 409,
    title: 'Exchange rate expired',
    when: 'The order was not paid before `quoteExpiresAt`.',
    ...told('payment.rate_expired'),
  },
  AMOUNT_CHANGED: {
    status: 409,
    title: 'Amount differs',
    when: '`payAmount` or `quoteId` is not the one of the payment.',
    ...told('payment.amount_changed'),
  },
  ORDER_IS_CLOSED: {
    status: 409,
    title: 'Order closed',
    when: 'The payment is declined, cancelled, failed, paid or being paid; `messageKey` says which.',
    ...told('payment.closed'),
    otherActions: ACTIONS_BY_STATE,
  },
  ORDER_HELD: {
    status: 409,
    title: 'Order held',
    when: 'The order asks for something that has to be done elsewhere, or that this wallet does not offer.',
    ...told('payment.not_supported'),
    otherActions: ACTIONS_BY_STATE,
  },
  INSUFFICIENT_BALANCE: {
    status: 422,
    title: 'Balance too low',
    when: 'The wallet says that the payer has too little. The payment stays open.',
    ...told('payment.balance_too_low'),
  },
  PROOF_REQUIRED: {
    status: 422,
    title: 'Proof required',
    when: 'The confirm brings less than `requirements.proofs` of the payment names.',
    ...told('payment.proof_required'),
  },
  PROOF_REJECTED: {
    status: 422,
    title: 'Proof rejected',
    when: 'The wallet did not accept a proof. The payment stays open.',
    ...told('payment.proof_rejected'),
  },
};

/** A refusal of a scan or a payment, with what the app does next. */
class PaymentsProblemDto extends ProblemDto {
  @ApiPropertyOptional({ format: 'uuid', description: 'The scan that was refused.' })
  readonly scanId?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'The payment that it is about.' })
  readonly paymentId?: string;
  @ApiPropertyOptional({ description: 'For the SDK, with HANDLE_BY_SDK.' })
  readonly sdkActionPayload?: string;
}

export type PaymentExtra = Omit<PaymentsProblemDto, keyof ProblemDto>;

const problemOf = problemsOf<PaymentsProblemCode, PaymentExtra>(PAYMENTS_PROBLEMS);

/** @param messageKey the words for this state, where the code alone has more general ones */
export function refuse(
  code: PaymentsProblemCode,
  { extra, errors }: Pick<ProblemMore<PaymentExtra>, 'extra' | 'errors'> = {},
  messageKey?: PayerMessageKey,
): ProblemError {
  const words = messageKey && { detail: PAYER_ADVICE[messageKey].payerText };
  const more = { ...extra, ...(messageKey && adviceOf(messageKey)) };
  return problemOf(code, { extra: more, ...(errors && { errors }), ...words });
}

/** A request that Alipay+ would refuse for its form is refused here, before anything is kept or called. */
export function badRequest(faults: readonly FieldFault[]): ProblemError {
  return refuse('INVALID_REQUEST', { errors: faults });
}

/** A scan that Alipay+ refused, under the code it gave. */
export function refuseWithResult(
  code: string,
  advice: Pick<Refusal, 'httpStatus' | 'payerText' | 'action' | 'messageKey'>,
  more: Pick<PaymentExtra, 'scanId'> = {},
): ProblemError {
  const { action, messageKey, payerText, httpStatus: status } = advice;
  const extra = { action, messageKey, ...more };
  return new ProblemError({ status, code, title: 'Refused', detail: payerText, extra });
}

/** A payment that failed for good, under the code that Alipay+ gets; the exact reason is between payer and wallet. */
export function refuseFailed(code: string, paymentId: PaymentId): ProblemError {
  const { payerText: detail } = PAYER_ADVICE['payment.failed'];
  const extra = { ...adviceOf('payment.failed'), paymentId };
  return new ProblemError({ status: 422, code, title: 'Refused', detail, extra });
}

/** Describes the refusals of an operation. */
export function ApiPaymentsProblems(
  ...codes: readonly PaymentsProblemCode[]
): MethodDecorator & ClassDecorator {
  return ApiProblems(PAYMENTS_PROBLEMS, codes, { type: PaymentsProblemDto });
}

const RESULT_CODE = 'another code of Alipay+ or of the ledger; decide by `action`';

/** The same for a confirm, which also answers 422 with the code of the failed payment. */
export function ApiConfirmProblems(
  ...codes: readonly PaymentsProblemCode[]
): MethodDecorator & ClassDecorator {
  const more = FAILURE_CODES.map((code) => ({
    code,
    status: 422,
    title: 'Refused',
    when: 'The wallet refused the payment for good.',
    ...told('payment.failed'),
  }));
  return ApiProblems(PAYMENTS_PROBLEMS, codes, {
    type: PaymentsProblemDto,
    more,
    openStatuses: { 422: RESULT_CODE },
  });
}

/** The same for scans, which Alipay+ refuses under codes of its own. */
export function ApiScanProblems(...codes: readonly PaymentsProblemCode[]): MethodDecorator & ClassDecorator {
  return ApiProblems(PAYMENTS_PROBLEMS, codes, {
    type: PaymentsProblemDto,
    more: SCAN_REFUSALS,
    openStatuses: { 422: RESULT_CODE },
  });
}

/** Codes that a payment fails under: those of the ledger's refusals. */
const FAILURE_CODES: readonly string[] = [
  ...new Set(
    Object.values(REFUSALS).flatMap((refusal) => (refusal.end === 'fail' ? [refusal.result.resultCode] : [])),
  ),
];

const SCAN_REFUSALS = Object.entries(RESULT_CODES).flatMap(([code, row]) =>
  row.status === 'F'
    ? [
        {
          code,
          status: row.httpStatus,
          title: 'Refused',
          detail: row.payerText,
          when: `Alipay+ refused the code. ${row.payerText}`,
          extra: { action: row.action, messageKey: row.messageKey },
        },
      ]
    : [],
);
