import { ApiProperty, ApiPropertyOptional } from '../../platform/http/api-description.js';
import { ApiTime } from '../clocks.js';

/** The messages sent and received. */
export class TimelineMessagesDto {
  @ApiPropertyOptional() readonly request?: string;
  @ApiPropertyOptional() readonly answer?: string;
  @ApiPropertyOptional({
    description:
      'Why they are not shown: the scope that would have shown them, or `log` while no line can be written that says who saw them.',
  })
  readonly withheld?: string;
}

/** The facts of an event besides its time and name; which ones there are depends on the event. */
export class TimelineFactsDto {
  @ApiPropertyOptional({ format: 'uuid' }) readonly approvalId?: string;
  @ApiPropertyOptional({ format: 'uuid' }) readonly noteId?: string;
  @ApiPropertyOptional({ description: 'Of a note.' }) readonly text?: string;
  @ApiPropertyOptional({ description: 'Status of the order before.' }) readonly from?: string;
  @ApiPropertyOptional({ description: 'Status of the order after.' }) readonly to?: string;
  @ApiPropertyOptional() readonly actor?: string;
  @ApiPropertyOptional() readonly act?: string;
  @ApiPropertyOptional({ type: 'integer' }) readonly attempt?: number;
  @ApiPropertyOptional({ example: 'accepted' }) readonly outcome?: string;
  @ApiPropertyOptional() readonly reason?: string;
  @ApiPropertyOptional() readonly why?: string;
  @ApiPropertyOptional() readonly resultStatus?: string;
  @ApiPropertyOptional() readonly resultCode?: string;
  @ApiPropertyOptional() readonly paymentStatus?: string;
  @ApiPropertyOptional() readonly paymentCode?: string;
  @ApiPropertyOptional({ type: 'integer' }) readonly httpStatus?: number;
  @ApiPropertyOptional({ type: 'integer', description: 'How long it took.' }) readonly ms?: number;
  @ApiPropertyOptional() readonly requestedBy?: string;
  @ApiPropertyOptional() readonly threshold?: string;
  @ApiPropertyOptional() readonly alarm?: string;
  @ApiPropertyOptional({ format: 'uuid' }) readonly scanId?: string;
  @ApiPropertyOptional() readonly customerId?: string;
  @ApiPropertyOptional({ description: 'Of the scan.' }) readonly status?: string;
  @ApiPropertyOptional() readonly codeSha256?: string;
  @ApiPropertyOptional() readonly contentSha256?: string;
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Of a confirm: a keyed hash of each proof that came with it, by its name.',
  })
  readonly proofs?: Readonly<Record<string, string>>;
  @ApiPropertyOptional({ format: 'uuid' }) readonly debitId?: string;
  @ApiPropertyOptional({ description: 'What became of the debit.' }) readonly debit?: string;
  @ApiPropertyOptional() readonly refusalCode?: string;
  @ApiPropertyOptional() readonly ledgerReference?: string;
  @ApiPropertyOptional({ format: 'uuid' }) readonly refundId?: string;
  @ApiPropertyOptional() readonly refundRequestId?: string;
  @ApiPropertyOptional({ description: 'Of a refund.' }) readonly currency?: string;
  @ApiPropertyOptional({ description: 'Of a refund: what goes back, in minor units.' })
  readonly value?: string;
  @ApiPropertyOptional({ description: 'True where the order became known while records may be lost.' })
  readonly askLedger?: boolean;
  @ApiPropertyOptional() readonly heldReason?: string;
  @ApiPropertyOptional() readonly notificationWas?: string;
  @ApiPropertyOptional({ type: 'integer' }) readonly tries?: number;
  @ApiPropertyOptional() readonly lastOutcome?: string;
}

/** An event with its time and facts. */
export class TimelineEventDto extends TimelineFactsDto {
  @ApiTime() readonly at!: Date;
  @ApiProperty({ example: 'NOTIFIED' }) readonly what!: string;
  @ApiPropertyOptional({ type: TimelineMessagesDto, description: 'Of an exchange of messages.' })
  readonly messages?: TimelineMessagesDto;
}
