import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { present } from '../../platform/present.js';
import { placeOf, type SealedColumn } from '../../platform/sealing/sealed-column.js';
import { openedOr, type Sealing } from '../../platform/sealing/sealing.js';
import type { PaymentId } from '../order/ids.js';
import type { Person } from './approval.js';
import * as sql from './payment-note.sql.js';

/** Why the text of a note is not shown. */
export const NOTE_GAPS = ['ERASED', 'NOT_DECRYPTED', 'CHANGED'] as const;
export type NoteGap = (typeof NOTE_GAPS)[number];

export interface NewNote {
  /** Made by whoever writes it: the same id is the same note. */
  readonly noteId: string;
  readonly paymentId: PaymentId;
  readonly by: Person;
  readonly text: string;
}

/** What an operator wrote about a payment. */
export interface PaymentNote extends Omit<NewNote, 'text'> {
  readonly at: Date;
  /** Absent when `gap` says why. */
  readonly text?: string;
  readonly gap?: NoteGap;
}

export type NoteKept =
  | { readonly outcome: 'kept'; readonly note: PaymentNote; readonly isNew: boolean }
  /** Another note has this id. */
  | { readonly outcome: 'different' }
  | { readonly outcome: 'full' }
  | { readonly outcome: 'no_payment' };

/** The text is kept sealed. */
export const NOTE_BODY = {
  table: 'payment_note',
  column: 'body',
  id: 'sequence',
  idType: 'bigint',
  key: ['note_id'],
} as const satisfies SealedColumn;

/** Notes of operators. They move nothing, and nothing is decided by them. */
@Injectable()
export class PaymentNoteStore {
  constructor(private readonly database: Database) {}

  /** Keeping the same note again finds the one that is there. */
  async keep(note: NewNote): Promise<NoteKept> {
    const { sealing } = this.database;
    const { noteId, paymentId, by, text } = note;
    const values = [noteId, paymentId, by.actor, by.name, by.subject ?? null, sealing.digest(text)];
    const body = sealing.seal(placeOf(NOTE_BODY, [noteId]), Buffer.from(text));
    const [row] = await this.database.run<sql.NoteRow>(sql.KEEP_NOTE, [...values, body]);
    if (row) return { outcome: 'kept', note: toNote(row, sealing), isNew: true };
    return this.whyNot(note);
  }

  /** The newest first. */
  async ofPayment(paymentId: PaymentId): Promise<PaymentNote[]> {
    const rows = await this.database.run<sql.NoteRow>(sql.NOTES_OF_PAYMENT, [paymentId]);
    return rows.map((row) => toNote(row, this.database.sealing));
  }

  private async whyNot({ noteId, paymentId, by, text }: NewNote): Promise<NoteKept> {
    type Row = { readonly [Name in keyof sql.NoteRow]: sql.NoteRow[Name] | null } & {
      readonly is_known: boolean;
    };
    const [found] = await this.database.run<Row>(sql.FIND_NOTE, [noteId, paymentId]);
    if (!found?.is_known) return { outcome: 'no_payment' };
    if (!isRow(found)) return { outcome: 'full' };
    const { sealing } = this.database;
    const isSame =
      found.payment_id === paymentId && found.actor === by.actor && isHashOf(sealing, found.text_hash, text);
    return isSame
      ? { outcome: 'kept', note: toNote(found, sealing), isNew: false }
      : { outcome: 'different' };
  }
}

function isRow(row: { readonly note_id: string | null }): row is sql.NoteRow {
  return row.note_id !== null;
}

function isHashOf(sealing: Sealing, kept: Buffer, text: string): boolean {
  return sealing.digests(text).some((digest) => digest.equals(kept));
}

function toNote(row: sql.NoteRow, sealing: Sealing): PaymentNote {
  return {
    noteId: row.note_id,
    paymentId: row.payment_id,
    at: row.at,
    by: present<Person>({ actor: row.actor, name: row.application, subject: row.person }),
    ...textOf(row, sealing),
  };
}

/** What the hash does not belong to was not written by who is named beside it. */
function textOf(row: sql.NoteRow, sealing: Sealing): Pick<PaymentNote, 'text' | 'gap'> {
  if (row.body.length === 0) return { gap: 'ERASED' };
  const place = placeOf(NOTE_BODY, [row.note_id]);
  const text = openedOr(undefined, () => sealing.open(place, row.body).toString('utf8'));
  if (text === undefined) return { gap: 'NOT_DECRYPTED' };
  return isHashOf(sealing, row.text_hash, text) ? { text } : { gap: 'CHANGED' };
}
