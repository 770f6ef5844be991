import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { PaymentId } from '../../payment-order/order/ids.js';
import { PaymentNoteStore, type NoteKept } from '../../payment-order/operator/payment-note.store.js';
import type { Caller } from '../../platform/auth/caller.js';
import { EventLog } from '../../platform/logging/event-log.js';
import { refuse, type OperationsProblemCode } from '../operations.problems.js';
import { personOf } from '../operator.js';
import { noteView, type NewNoteDto, type NoteDto } from './note.dto.js';

const REFUSALS: Readonly<Record<Exclude<NoteKept['outcome'], 'kept'>, OperationsProblemCode>> = {
  different: 'NOTE_DIFFERS',
  full: 'TOO_MANY_NOTES',
  no_payment: 'NOT_FOUND',
};

/** The notes that operators write about payments for each other. */
@Injectable()
export class NotesService {
  constructor(
    private readonly store: PaymentNoteStore,
    private readonly log: EventLog,
  ) {}

  async write(
    caller: Caller,
    paymentId: PaymentId,
    { text, noteId = randomUUID() }: NewNoteDto,
  ): Promise<{ readonly note: NoteDto; readonly isNew: boolean }> {
    const by = personOf(caller);
    const kept = await this.store.keep({ noteId: noteId.toLowerCase(), paymentId, by, text });
    if (kept.outcome !== 'kept') throw refuse(REFUSALS[kept.outcome]);
    const { note, isNew } = kept;
    // The text may name people, so it is kept in the row and nowhere else.
    const { origin } = caller;
    if (isNew) this.log.event('operator.noted', { origin, paymentId, noteId: note.noteId, actor: by.actor });
    return { note: noteView(note), isNew };
  }
}
