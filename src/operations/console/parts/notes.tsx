import type { JSX } from 'preact';
import type { PaymentId } from '../../../payment-order/order/ids.js';
import type { NoteGap } from '../../../payment-order/operator/payment-note.store.js';
import type { NoteDto } from '../../notes/note.dto.js';
import { LONGEST_REASON } from '../../reason.js';
import { CsrfField } from './forms.js';
import { usePageView } from './page-view.js';
import { Time } from './time.js';

const GAPS: Readonly<Record<NoteGap, string>> = {
  ERASED: 'Erased with the personal data of the customer.',
  NOT_DECRYPTED: 'Not shown: it cannot be decrypted.',
  CHANGED: 'Not shown: it is not what was written.',
};

interface NotesProps {
  readonly paymentId: PaymentId;
  readonly notes: readonly NoteDto[];
  /** A new id for each form shown, so that a repeated submit is one note. */
  readonly noteId: string;
}

/** The notes of operators on a payment, and a form for the next one. */
export function Notes({ paymentId, notes, noteId }: NotesProps): JSX.Element | undefined {
  const { mayAct } = usePageView();
  if (notes.length === 0 && !mayAct) return undefined;
  return (
    <section class="panel" id="notes" aria-labelledby="notes-title">
      <h2 id="notes-title">Notes</h2>
      {notes.length > 0 && (
        <ol class="notes">
          {notes.map((note) => (
            <li key={note.noteId}>
              {note.gap === undefined ? (
                <p class="text" dir="auto">
                  {note.text}
                </p>
              ) : (
                <p class="quiet">{GAPS[note.gap]}</p>
              )}
              <small class="quiet">
                <Time at={note.at} /> · {note.person ?? note.application}
                {note.person !== undefined && ` (${note.application})`}
              </small>
            </li>
          ))}
        </ol>
      )}
      {mayAct && <NoteForm paymentId={paymentId} noteId={noteId} />}
    </section>
  );
}

interface NoteFormProps extends Omit<NotesProps, 'notes'> {
  readonly text?: string;
  /** Why the note was not kept. */
  readonly fault?: string | undefined;
}

export function NoteForm({ paymentId, noteId, text, fault }: NoteFormProps): JSX.Element {
  return (
    <form method="post" action={`/console/payments/${paymentId}/notes`} class="stack">
      <CsrfField />
      <input type="hidden" name="noteId" value={noteId} />
      <label for="note">Note</label>
      <textarea
        id="note"
        name="text"
        class="wide"
        rows={2}
        required
        maxLength={LONGEST_REASON}
        aria-describedby="note-note"
        aria-invalid={fault === undefined ? undefined : 'true'}
        defaultValue={text}
      />
      {fault !== undefined && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      <p id="note-note" class="note">
        Kept with your name and the time. It cannot be changed afterwards.
      </p>
      <button type="submit">Keep the note</button>
    </form>
  );
}
