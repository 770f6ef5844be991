import { APPROVAL_STATUSES, type ApprovalStatus } from '../payment-order/operator/approval.js';
import { OPERATOR_ACTS, type OperatorAct } from '../payment-order/operator/operator-action.js';
import { MOST_NOTES } from '../payment-order/operator/payment-note.sql.js';
import { ApiOptionalOneOf, ApiPropertyOptional } from '../platform/http/api-description.js';
import { ApiProblems } from '../platform/http/api-problems.js';
import { PLATFORM_PROBLEMS } from '../platform/http/platform-problems.js';
import { ProblemDto } from '../platform/http/problem.js';
import { problemsOf, type ProblemTable } from '../platform/http/problem-table.js';
import { ACT_CAUSES, type ActCause } from './acts/act-verdict.js';
import { AxesDto, TotalDto } from './answer-parts.dto.js';

export type OperationsProblemCode =
  | 'NOT_FOUND'
  | 'INVALID_REQUEST'
  | 'SEARCH_TOO_SLOW'
  | 'EXPORT_TOO_WIDE'
  | 'TOO_MANY_EXPORTS'
  | 'RESULT_NOT_FINAL'
  | 'ALREADY_DELIVERED'
  | 'ACT_NOT_POSSIBLE'
  | 'NOTE_DIFFERS'
  | 'TOO_MANY_NOTES'
  | 'SECOND_PERSON_NEEDED'
  | 'APPROVAL_DECIDED'
  | 'APPROVAL_EXPIRED'
  | 'APPROVAL_STALE';

/** The problems that answer calls of operators. */
export const OPERATIONS_PROBLEMS: ProblemTable<OperationsProblemCode> = {
  NOT_FOUND: {
    status: 404,
    title: 'Not found',
    detail: 'There is nothing under this id.',
    when: 'There is nothing under this id.',
  },
  INVALID_REQUEST: PLATFORM_PROBLEMS.INVALID_REQUEST,
  SEARCH_TOO_SLOW: {
    status: 422,
    title: 'Search too slow',
    detail:
      'The search was stopped. Narrow it by from and to, or by an identifier: customerId, referenceOrderId, paymentRequestId.',
    when: 'The search took longer than it may; narrow it by `from` and `to`, or by an identifier.',
  },
  EXPORT_TOO_WIDE: {
    status: 400,
    title: 'Export too large',
    when: 'More payments fit than an export may have; `total` and `limit` say how many.',
  },
  TOO_MANY_EXPORTS: {
    status: 429,
    title: 'Too many exports',
    detail: 'Try again when another export has finished.',
    when: 'As many exports are running as may at once.',
  },
  RESULT_NOT_FINAL: {
    status: 409,
    title: 'No final result yet',
    detail: 'The payment is not final, so there is no result to send.',
    when: 'The payment has no final result yet.',
  },
  ALREADY_DELIVERED: {
    status: 409,
    title: 'Already delivered',
    detail: 'Alipay+ has acknowledged this result. It can read it again by inquiryPayment.',
    when: 'Alipay+ has acknowledged the result.',
  },
  ACT_NOT_POSSIBLE: {
    status: 409,
    title: 'Action not possible',
    detail: 'Nothing was changed.',
    when: 'The payment does not allow this act as it stands; `cause` says why.',
  },
  NOTE_DIFFERS: {
    status: 409,
    title: 'Another note has this id',
    detail: 'There is a note with this noteId already, and it is another one. Nothing was kept.',
    when: 'A note with this `noteId` was written before: of another payment, by somebody else, or with another text.',
  },
  TOO_MANY_NOTES: {
    status: 409,
    title: 'Too many notes',
    detail: `A payment has at most ${MOST_NOTES} notes. Nothing was kept.`,
    when: 'The payment has as many notes as it may have.',
  },
  SECOND_PERSON_NEEDED: {
    status: 403,
    title: 'A second person is needed',
    detail: 'Another person has to decide about this, with a token of their own. Nothing was changed.',
    when: 'The token may belong to the person who proposed it.',
  },
  APPROVAL_DECIDED: {
    status: 409,
    title: 'Already decided',
    detail: 'Somebody has approved or rejected this already. Nothing was changed by this call.',
    when: 'The approval was approved or rejected before; `approvalStatus` says how it stands.',
  },
  APPROVAL_EXPIRED: {
    status: 409,
    title: 'The proposal has expired',
    detail: 'Nobody decided in time. Nothing was changed; propose it again.',
    when: 'The proposal waited for longer than it may.',
  },
  APPROVAL_STALE: {
    status: 409,
    title: 'The payment has changed',
    detail:
      'The payment is no longer as it was when this was proposed. Nothing was changed; propose it again.',
    when: 'The payment has changed since the proposal.',
  },
};

/** The problem of a refused call of an operator, with the payment or act it concerned. */
class OperationsProblemDto extends ProblemDto {
  @ApiOptionalOneOf(OPERATOR_ACTS, { description: 'The act that was refused.' }) readonly act?: OperatorAct;
  @ApiOptionalOneOf(ACT_CAUSES, { description: 'Why it was refused, for programs; `detail` is for people.' })
  readonly cause?: ActCause;
  @ApiPropertyOptional({ description: 'True for a dry run.' }) readonly dryRun?: boolean;
  @ApiPropertyOptional({ type: AxesDto, description: 'The state of the payment.' }) readonly state?: AxesDto;
  @ApiPropertyOptional({ format: 'uuid', description: 'The approval that was not decided.' })
  readonly approvalId?: string;
  @ApiOptionalOneOf(APPROVAL_STATUSES, { description: 'The status of that approval.' })
  readonly approvalStatus?: ApprovalStatus;
  @ApiPropertyOptional({ type: 'integer', description: 'The most payments of an export.' })
  readonly limit?: number;
  @ApiPropertyOptional({ type: TotalDto, description: 'How many payments the export would have had.' })
  readonly total?: TotalDto;
}

type Extra = Omit<OperationsProblemDto, keyof ProblemDto>;

export const refuse = problemsOf<OperationsProblemCode, Extra>(OPERATIONS_PROBLEMS);

/** Describes the problems of an operation in the API description. */
export function ApiOperationsProblems(
  ...codes: readonly OperationsProblemCode[]
): MethodDecorator & ClassDecorator {
  return ApiProblems(OPERATIONS_PROBLEMS, codes, { type: OperationsProblemDto });
}
