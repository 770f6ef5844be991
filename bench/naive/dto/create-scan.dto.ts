import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';

export class CreateScanDto {
  @IsString()
  @IsNotEmpty()
  @MaxLength(512)
  readonly codeValue!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  readonly customerId!: string;

  @IsOptional()
  @IsString()
  @MaxLength(20_000)
  readonly passThroughInfo?: string;
}
