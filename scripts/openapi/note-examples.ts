import type { NewNoteDto, NoteDto } from '../../src/operations/notes/note.dto.js';
import { onClocks } from '../../src/operations/clocks.js';
import { at, one, type Examples } from './example-payments.js';

const NEW_NOTE: NewNoteDto = {
  text: 'The payer called: the shop has handed the goods over.',
  noteId: '01a22cd1-3f2a-7b11-9c44-1d2e3f405162',
};

export const NOTE: NoteDto = {
  noteId: NEW_NOTE.noteId ?? '',
  at: at(3_500),
  actor: 'operator:desk/ann',
  application: 'desk',
  person: 'ann',
  text: NEW_NOTE.text,
};

export const NOTE_REQUESTS: Readonly<Record<string, Examples>> = {
  writeNote: one('note', 'What the payer said', NEW_NOTE),
};

export const NOTE_ANSWERS: Readonly<Record<string, Readonly<Record<string, Examples>>>> = {
  writeNote: {
    200: one('repeated', 'Kept before', onClocks(NOTE)),
    201: one('kept', 'Kept', onClocks(NOTE)),
  },
};
