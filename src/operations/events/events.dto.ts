import { IsIn, IsUUID, Matches } from 'class-validator';
import { EVENT_TYPE_NAMES, type EventType } from '../../payment-order/event/event-type.js';
import { ApiProperty, ApiPropertyOptional } from '../../platform/http/api-description.js';
import { OptionalField } from '../../platform/http/field.decorators.js';
import { CapField, DryRunField, SinceField, UntilField } from '../bulk-fields.js';
import { ReasonField } from '../reason.js';
import { FoundEventDto } from '../search/search.dto.js';

const ENDPOINT = {
  example: 'wallet-core',
  description: 'Only to this endpoint; absent: to all that the event was for.',
};
const ENDPOINT_RULE = { message: 'must be the name of an endpoint' };
const ENDPOINT_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

const RESENDABLE = ['PARKED', 'ALL'] as const;

/** Path parameter of a call: the event. */
export class EventAddress {
  @ApiProperty({ type: String, format: 'uuid' })
  @IsUUID(undefined, { message: 'must be a UUID' })
  readonly eventId!: string;
}

/** Body of `POST /v1/operations/events/{eventId}/resend`. */
export class ResendEventDto {
  @ReasonField('Why; kept with the event.', 'The core was restored from a backup, ticket 4711')
  readonly reason!: string;

  @ApiPropertyOptional(ENDPOINT)
  @OptionalField()
  @Matches(ENDPOINT_NAME, ENDPOINT_RULE)
  readonly endpoint?: string;
}

/** Body of `POST /v1/operations/events/resend`. */
export class ResendEventsDto extends ResendEventDto {
  @SinceField('Only changes at or after it.')
  readonly since!: string;

  @UntilField()
  readonly until?: string;

  @ApiPropertyOptional({ enum: EVENT_TYPE_NAMES, description: 'Only those of this type.' })
  @OptionalField()
  @IsIn(EVENT_TYPE_NAMES)
  readonly type?: EventType;

  @ApiPropertyOptional({
    enum: RESENDABLE,
    default: 'PARKED',
    description: 'ALL: also those that were delivered, such as for a receiver that lost them.',
  })
  @OptionalField()
  @IsIn(RESENDABLE)
  readonly status?: (typeof RESENDABLE)[number];

  @DryRunField('True only lists what would be sent again.')
  readonly dryRun?: boolean;

  @CapField('The most deliveries that are sent again, oldest first.')
  readonly cap?: number;
}

class ResendDto {
  @ApiProperty({ format: 'date-time' }) readonly at!: string;
  @ApiProperty({ example: 'wallet-core' }) readonly endpoint!: string;
  @ApiProperty({ example: 'operator:desk/ann' }) readonly actor!: string;
  @ApiProperty() readonly reason!: string;
}

/** An event with all that is known of it. */
export class EventDto extends FoundEventDto {
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'What is sent, once it has been sent for the first time: docs/events.md.',
  })
  readonly message?: object;
  @ApiProperty({ type: [ResendDto], description: 'What operators asked to have sent again, newest first.' })
  readonly resends!: readonly ResendDto[];
}

class ResentDto {
  @ApiProperty({ format: 'uuid' }) readonly eventId!: string;
  @ApiProperty({ example: 'wallet-core' }) readonly endpoint!: string;
}

/** The number of deliveries that are due again. */
export class ResentEventsDto {
  @ApiProperty() readonly dryRun!: boolean;
  @ApiProperty({ description: 'True: so many are sent again only when a second person approves it.' })
  readonly needsApproval!: boolean;
  @ApiProperty({ description: 'There are more than the cap; ask again from the last one on.' })
  readonly hasMore!: boolean;
  @ApiProperty({ type: 'integer', description: 'How many deliveries are due now.' })
  readonly requested!: number;
  @ApiProperty({ type: [ResentDto], description: 'What was found, oldest first.' })
  readonly deliveries!: readonly ResentDto[];
}
