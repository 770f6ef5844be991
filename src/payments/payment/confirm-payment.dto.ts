import { Matches } from 'class-validator';
import type { Proofs } from '../../payment-order/order/requirements.js';
import { MAX_AMOUNT_DIGITS } from '../../platform/currencies.js';
import { ApiProperty, ApiPropertyOptional } from '../../platform/http/api-description.js';
import { Characters, NestedField, OptionalField } from '../../platform/http/field.decorators.js';

/** Of every amount that an answer may bring. */
const NATURAL_NUMBER = new RegExp(`^[1-9]\\d{0,${MAX_AMOUNT_DIGITS - 1}}$`);

class AmountDto {
  @ApiProperty({ example: 'HKD', description: 'Alphabetic code of ISO 4217.' })
  @Matches(/^[A-Z]{3}$/, { message: 'must be three capital letters' })
  readonly currency!: string;

  @ApiProperty({ example: '8561', description: 'Minor units, a natural number from 1, as a string.' })
  @Matches(NATURAL_NUMBER, { message: 'must be a string of digits, a natural number from 1' })
  readonly value!: string;
}

/** Of an amount with the most digits, grouped, and with the currency beside them. */
const LONGEST_DISPLAY = 2 * MAX_AMOUNT_DIGITS;

/** An amount as an answer brings it, so that what was shown can be sent back as it is. */
export class ConfirmedAmountDto extends AmountDto {
  @ApiPropertyOptional({
    minLength: 1,
    maxLength: LONGEST_DISPLAY,
    example: 'HK$85.61',
    description: 'May be sent back with the rest. It is for people: it is neither compared nor kept.',
  })
  @OptionalField()
  @Characters(1, LONGEST_DISPLAY)
  readonly display?: string;
}

/** Proofs that the wallet did what an order asks for. */
export class ProofsDto implements Proofs {
  @ApiPropertyOptional({ minLength: 1, maxLength: 64, description: 'The one-time password the payer typed.' })
  @OptionalField()
  @Characters(1, 64)
  readonly otp?: string;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 256,
    description: 'The reference of the compliance check.',
  })
  @OptionalField()
  @Characters(1, 256)
  readonly compliance?: string;

  @ApiPropertyOptional({ minLength: 1, maxLength: 256, description: "The reference of the payer's consent." })
  @OptionalField()
  @Characters(1, 256)
  readonly consent?: string;
}

/** Body of `POST /v1/payments/{paymentId}/confirm`: what the payer saw and said yes to. */
export class ConfirmPaymentDto {
  @ApiProperty({
    type: ConfirmedAmountDto,
    description:
      '`payAmount` of the payment as it was answered, with or without `display`. `currency` and `value` have to be ' +
      'those of the payment, else nothing is debited and the answer is 409 `AMOUNT_CHANGED`, or how the payment stands ' +
      'where it is not to be confirmed any more.',
  })
  @NestedField(() => ConfirmedAmountDto)
  readonly payAmount!: ConfirmedAmountDto;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 64,
    description: 'The quote that was shown, to insist on it.',
  })
  @OptionalField()
  @Characters(1, 64)
  readonly quoteId?: string;

  @ApiPropertyOptional({
    type: ProofsDto,
    description: 'Each that `requirements.proofs` of the payment names.',
  })
  @OptionalField()
  @NestedField(() => ProofsDto)
  readonly proofs?: ProofsDto;
}
