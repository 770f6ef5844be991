import type { FastifyReply } from 'fastify';
import { IsIn, IsUUID } from 'class-validator';
import {
  APPROVABLE,
  APPROVAL_STATUSES,
  type Approvable,
  type ApprovalStatus,
} from '../../payment-order/operator/approval.js';
import type { Approval } from '../../payment-order/operator/approval.store.js';
import type { PaymentId } from '../../payment-order/order/ids.js';
import {
  ApiOneOf,
  ApiProperty,
  ApiPropertyOptional,
  ApiResponse,
} from '../../platform/http/api-description.js';
import { apiHeaders } from '../../platform/http/api-headers.js';
import { OptionalField } from '../../platform/http/field.decorators.js';
import { answerOf } from '../../platform/present.js';
import { ReasonField } from '../reason.js';

/** Path parameter of a call: the approval. */
export class ApprovalAddress {
  @ApiProperty({ type: String, format: 'uuid' })
  @IsUUID(undefined, { message: 'must be a UUID' })
  readonly approvalId!: string;
}

/** Query of `GET /v1/operations/approvals`. */
export class ApprovalsQuery {
  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'Only those about this payment.' })
  @OptionalField()
  @IsUUID('all', { message: 'must be a UUID' })
  readonly paymentId?: PaymentId;

  @ApiPropertyOptional({
    enum: ['true', 'false'],
    default: 'true',
    description: 'True: only those that wait.',
  })
  @OptionalField()
  @IsIn(['true', 'false'], { message: 'must be true or false' })
  readonly open?: string;
}

/** Body of `POST /v1/operations/approvals/{approvalId}/approve` and `…/reject`. */
export class DecisionDto {
  @ReasonField('Why it is approved or rejected; it is kept.', 'checked with the merchant, ticket 4711')
  readonly reason!: string;
}

/** A proposal of one operator, and the decision of a second one. */
export class ApprovalDto {
  @ApiProperty({ format: 'uuid' }) readonly approvalId!: string;
  @ApiOneOf(APPROVABLE, {
    description: 'The act; `redeliver-many` and `resend-events` are about several at once.',
  })
  readonly action!: Approvable;
  @ApiPropertyOptional({ format: 'uuid', description: 'Absent where several are meant.' })
  readonly paymentId?: string;
  @ApiProperty({ type: 'integer', description: 'How many results or events would be sent; 0 for an act.' })
  readonly count!: number;
  @ApiProperty({
    type: [String],
    description: 'Which: the ids of payments or, of events, of their deliveries.',
  })
  readonly targets!: readonly string[];
  @ApiProperty({ description: 'What it would do, or did.' }) readonly effect!: string;
  @ApiOneOf(APPROVAL_STATUSES, {
    description:
      '`PROPOSED` waits. `APPROVED` is being done; `DONE` and `NOT_DONE` say what came of it. `REJECTED`, `EXPIRED` and `STALE` (the payment has changed ' +
      'since) are over. `INTERRUPTED`: approved, and cut off before the end; the history of the payment says whether it was done.',
  })
  readonly status!: ApprovalStatus;
  @ApiProperty({ example: 'operator:desk/ann' }) readonly proposedBy!: string;
  @ApiProperty({ format: 'date-time' }) readonly proposedAt!: string;
  @ApiProperty({ description: 'Why it is asked for.' }) readonly reason!: string;
  @ApiProperty({ format: 'date-time', description: 'Nobody can approve it from then on.' })
  readonly expiresAt!: string;
  @ApiPropertyOptional({ example: 'operator:desk/bob' }) readonly decidedBy?: string;
  @ApiPropertyOptional({ format: 'date-time' }) readonly decidedAt?: string;
  @ApiPropertyOptional({ description: 'Why it was approved or rejected.' }) readonly decisionReason?: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'When it was known what came of it.' })
  readonly endedAt?: string;
  @ApiPropertyOptional({ description: 'Why nothing was changed.' }) readonly why?: string;
}

export class ApprovalsDto {
  @ApiProperty({ type: [ApprovalDto], description: 'The newest first, 200 at most.' })
  readonly approvals!: readonly ApprovalDto[];
}

/** Describes the answer of a call that waits for a second person. */
export function ApiProposed(): MethodDecorator {
  return ApiResponse({
    status: 202,
    description: 'Nothing was done: it needs a second person, and waits for one to approve it.',
    type: ApprovalDto,
    headers: apiHeaders('Location'),
  });
}

/** Answers that a call waits for a second person. */
export function proposed(reply: FastifyReply, approval: Approval): ApprovalDto {
  reply.code(202).header('location', `/v1/operations/approvals/${approval.approvalId}`);
  return approvalView(approval);
}

export function approvalView(approval: Approval): ApprovalDto {
  return answerOf<ApprovalDto>({
    approvalId: approval.approvalId,
    action: approval.action,
    paymentId: approval.paymentId,
    count: approval.targets.length,
    targets: approval.targets,
    effect: approval.effect,
    status: approval.status,
    proposedBy: approval.proposer.actor,
    proposedAt: approval.proposedAt.toISOString(),
    reason: approval.reason,
    expiresAt: approval.expiresAt.toISOString(),
    decidedBy: approval.decidedBy,
    decidedAt: approval.decidedAt?.toISOString(),
    decisionReason: approval.decisionReason,
    endedAt: approval.endedAt?.toISOString(),
    why: approval.why,
  });
}
