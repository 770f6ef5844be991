import { ApiOneOf, ApiProperty } from '../../platform/http/api-description.js';
import { PaymentDto } from '../payment/payment.dto.js';

export class ScanDecodedDto {
  @ApiProperty({ format: 'uuid' }) readonly scanId!: string;
  @ApiOneOf(['DECODED']) readonly status!: 'DECODED';
  @ApiProperty({ type: PaymentDto }) readonly payment!: PaymentDto;
}

export class ScanPendingDto {
  @ApiProperty({ format: 'uuid' }) readonly scanId!: string;
  @ApiOneOf(['PENDING']) readonly status!: 'PENDING';
  @ApiProperty({ format: 'date-time', description: 'When Alipay+ is asked again.' })
  readonly nextAttemptAt!: string;
  @ApiProperty({ format: 'date-time', description: 'When the scan ends if Alipay+ has not answered.' })
  readonly givesUpAt!: string;
}

/** What a scan is answered with unless it is refused. */
export type ScanDto = ScanDecodedDto | ScanPendingDto;
