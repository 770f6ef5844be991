import { IsTimeZone, IsUUID, Matches } from 'class-validator';
import { ApiProperty, ApiPropertyOptional } from '../platform/http/api-description.js';
import { OptionalField } from '../platform/http/field.decorators.js';
import type { PaymentId } from '../payment-order/order/ids.js';

/** Path parameter of a call: the payment. */
export class PaymentAddress {
  @ApiProperty({ type: String, format: 'uuid' })
  @IsUUID(undefined, { message: 'must be a UUID' })
  readonly paymentId!: PaymentId;
}

/** The zone in which times are shown besides UTC and UTC+8. */
export class ZoneQuery {
  @ApiPropertyOptional({
    example: 'Europe/Berlin',
    description: 'A time zone of IANA: every time is then also given in it, as `…Local`.',
  })
  @OptionalField()
  // Later versions of Node.js also accept an offset as a zone, but an offset is wrong where clocks change.
  @Matches(/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/, {
    message: 'must be a time zone of IANA, such as Europe/Berlin',
  })
  @IsTimeZone({ message: 'must be a time zone of IANA, such as Europe/Berlin' })
  readonly zone?: string;
}
