import { IsBoolean, IsIn, IsInt, Matches, Max, Min } from 'class-validator';
import { NOTIFICATION_STATUSES, type NotificationStatus } from '../../payment-order/order/payment-status.js';
import { ApiOneOf, ApiProperty, ApiPropertyOptional } from '../../platform/http/api-description.js';
import { Characters, OptionalField } from '../../platform/http/field.decorators.js';
import { ReasonField } from '../reason.js';

export const REDELIVERABLE = ['PARKED', 'REJECTED', 'ALL'] as const;
export type Redeliverable = (typeof REDELIVERABLE)[number];

export const MOST_REDELIVERIES = 1_000;
export const USUAL_CAP = 100;

/** A time that means the same everywhere. */
export const INSTANT =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

const REASON = ['Why, for the history of the payment.', 'Alipay+ mended its gateway, ticket 4711'] as const;
const INSTANT_RULE = { message: 'must be a time with an offset, such as 2026-03-01T08:00:00+08:00' };

/** Body of `POST /v1/operations/payments/{paymentId}/redeliver`. */
export class RedeliverDto {
  @ReasonField(...REASON)
  readonly reason!: string;
}

/** Body of `POST /v1/operations/redeliver`. */
export class RedeliverManyDto {
  @ApiProperty({
    format: 'date-time',
    example: '2026-03-01T00:00:00+08:00',
    description: 'Only results that became final at or after it.',
  })
  @Matches(INSTANT, INSTANT_RULE)
  readonly since!: string;

  @ApiPropertyOptional({
    format: 'date-time',
    example: '2026-03-02T00:00:00+08:00',
    description: 'Only those before it.',
  })
  @OptionalField()
  @Matches(INSTANT, INSTANT_RULE)
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

  @ApiPropertyOptional({ default: true, description: 'True only lists what would be asked for.' })
  @OptionalField()
  @IsBoolean({ message: 'must be true or false' })
  readonly dryRun?: boolean;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MOST_REDELIVERIES,
    default: USUAL_CAP,
    description: 'The most that are asked for, oldest first.',
  })
  @OptionalField()
  @IsInt({ message: 'must be a whole number' })
  @Min(1)
  @Max(MOST_REDELIVERIES)
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
