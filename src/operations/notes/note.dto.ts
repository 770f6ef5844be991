import { IsUUID } from 'class-validator';
import {
  NOTE_GAPS,
  type NoteGap,
  type PaymentNote,
} from '../../payment-order/operator/payment-note.store.js';
import { ApiOptionalOneOf, ApiProperty, ApiPropertyOptional } from '../../platform/http/api-description.js';
import { OptionalField } from '../../platform/http/field.decorators.js';
import { answerOf } from '../../platform/present.js';
import { ApiTime } from '../clocks.js';
import { WordsField } from '../reason.js';

/** Body of `POST /v1/operations/payments/{paymentId}/notes`. */
export class NewNoteDto {
  @WordsField('What others should know about the payment.', 'The payer called; the shop says it shipped.')
  readonly text!: string;

  @ApiPropertyOptional({
    format: 'uuid',
    example: '0197a3c2-6f1e-7c9a-9d0e-3b8f5a1c2d4e',
    description: 'Made by you. Sending a note again with the same `noteId` keeps it once.',
  })
  @OptionalField()
  @IsUUID(undefined, { message: 'must be a UUID' })
  readonly noteId?: string;
}

/** What an operator wrote about a payment. */
export class NoteDto {
  @ApiProperty({ format: 'uuid' }) readonly noteId!: string;
  @ApiTime() readonly at!: Date;
  @ApiProperty({ example: 'operator:ops/jane', description: 'Who wrote it, as in the timeline.' })
  readonly actor!: string;
  @ApiProperty({ example: 'ops', description: 'The name of the token.' }) readonly application!: string;
  @ApiPropertyOptional({ example: 'jane', description: 'Present when the token was made for one person.' })
  readonly person?: string;
  @ApiPropertyOptional({ description: 'Absent when `gap` says why.' }) readonly text?: string;
  @ApiOptionalOneOf(NOTE_GAPS, {
    description:
      'Why there is no text: it was erased with the personal data of the customer, cannot be decrypted, or is not ' +
      'what was written.',
  })
  readonly gap?: NoteGap;
}

export function noteView({ noteId, at, by, text, gap }: PaymentNote): NoteDto {
  return answerOf<NoteDto>({
    noteId,
    at,
    actor: by.actor,
    application: by.name,
    person: by.subject,
    text,
    gap,
  });
}
