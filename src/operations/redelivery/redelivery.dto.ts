import { IsIn } from 'class-validator';
import { NOTIFICATION_STATUSES, type NotificationStatus } from '../../payment-order/order/payment-status.js';
import { ApiOneOf, ApiProperty, ApiPropertyOptional } from '../../platform/http/api-description.js';
import { Characters, OptionalField } from '../../platform/http/field.decorators.js';
import { CapField, DryRunField, SinceField, UntilField } from '../bulk-fields.js';
import { ReasonField } from '../reason.js';

export const REDELIVERABLE = ['PARKED', 'REJECTED', 'ALL'] as const;
export type Redeliverable = (typeof REDELIVERABLE)[number];

const REASON = ['Why, for the history of the payment.', 'Alipay+ fixed its gateway, ticket 4711'] as const;

/** Body of `POST /v1/operations/payments/{paymentId}/redeliver`. */
export class RedeliverDto {
  @ReasonField(...REASON)
  readonly reason!: string;
}

/** Body of `POST /v1/operations/redeliver`. */
export class RedeliverManyDto {
  @SinceField('Only results that became final at or after it.')
  readonly since!: string;

  @UntilField()
  readonly until?: string;

  @ApiPropertyOptional({
    example: 'open-sea.alipayplus.com',
    description: 'Only those for this host; with a port only for that port.',
  })
  @OptionalField()
  @Characters(1, 260)
  readonly host?: string;

  @ApiPropertyOptional({ enum: REDELIVERABLE, default: 'PARKED', description: 'ALL is both of the others.' })
  @OptionalField()
  @IsIn(REDELIVERABLE)
  readonly status?: Redeliverable;

  @ReasonField(...REASON)
  readonly reason!: string;

  @DryRunField('True only lists what would be asked for.')
  readonly dryRun?: boolean;

  @CapField('The most that are asked for, oldest first.')
  readonly cap?: number;
}

class DueNotificationDto {
  @ApiOneOf(['PENDING']) readonly status!: 'PENDING';
  @ApiOneOf(NOTIFICATION_STATUSES, { description: 'What it was before.' })
  readonly wasStatus!: NotificationStatus;
  @ApiProperty({ type: 'integer', description: 'How often it was sent so far.' }) readonly tries!: number;
  @ApiProperty({ format: 'date-time', description: 'When it is parked again unless it is acknowledged.' })
  readonly givesUpAt!: string;
}

/** A result that is due to be sent again. */
export class RedeliveryDto {
  @ApiProperty({ format: 'uuid' }) readonly paymentId!: string;
  @ApiProperty({ type: DueNotificationDto }) readonly notification!: DueNotificationDto;
}

export class UndeliveredDto {
  @ApiProperty({ format: 'uuid' }) readonly paymentId!: string;
  @ApiOneOf(NOTIFICATION_STATUSES) readonly notificationStatus!: NotificationStatus;
  @ApiProperty({ description: 'Where it is sent.' }) readonly host!: string;
  @ApiProperty({ type: 'integer', description: 'How often it was sent so far.' }) readonly tries!: number;
  @ApiPropertyOptional({ example: 'not_acknowledged_in_time' }) readonly lastOutcome?: string;
  @ApiProperty({ format: 'date-time', description: 'When the result became final.' })
  readonly finalSince!: string;
}

export class BulkRedeliveryDto {
  @ApiProperty() readonly dryRun!: boolean;
  @ApiProperty({ description: 'True: so many are sent again only when a second person approves it.' })
  readonly needsApproval!: boolean;
  @ApiProperty({ type: 'integer' }) readonly found!: number;
  @ApiProperty({ description: 'There are more than the cap; the same call again takes the next ones.' })
  readonly hasMore!: boolean;
  @ApiProperty({ type: 'integer', description: 'How many are due now.' }) readonly requested!: number;
  @ApiProperty({ type: [UndeliveredDto], description: 'What was found, oldest first.' })
  readonly payments!: readonly UndeliveredDto[];
}
