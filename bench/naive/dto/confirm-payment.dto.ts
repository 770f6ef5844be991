import { Type } from 'class-transformer';
import {
  IsDefined,
  IsNumberString,
  IsOptional,
  IsString,
  Length,
  MaxLength,
  ValidateNested,
} from 'class-validator';

export class AmountDto {
  @IsString()
  @Length(3, 3)
  readonly currency!: string;

  @IsNumberString({ no_symbols: true })
  readonly value!: string;
}

export class ConfirmPaymentDto {
  @IsDefined()
  @ValidateNested()
  @Type(() => AmountDto)
  readonly payAmount!: AmountDto;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  readonly quoteId?: string;
}
