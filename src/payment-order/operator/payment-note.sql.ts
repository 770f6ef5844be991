import type { Statement } from '../../platform/database/database.js';
import { selected, type RowOf } from '../../platform/database/columns.js';
import type { PaymentNoteEntity } from './payment-note.entity.js';

/** So many fit on a page, and a script that writes without end moves nothing else out of sight. */
export const MOST_NOTES = 100;

const COLUMNS = [
  'note_id',
  'payment_id',
  'at',
  'actor',
  'application',
  'person',
  'text_hash',
  'body',
] as const satisfies readonly (keyof RowOf<PaymentNoteEntity>)[];

export type NoteRow = Pick<RowOf<PaymentNoteEntity>, (typeof COLUMNS)[number]>;

const NOTE_COLUMNS = selected('n', COLUMNS);

/**
 * Keeps a note once, whatever is repeated; none beyond the most a payment may have. No row: look at `FIND_NOTE` for why.
 * $1 note_id, $2 payment_id, $3 actor, $4 application, $5 person, $6 hash of the text, $7 the text, sealed
 */
export const KEEP_NOTE: Statement = {
  name: 'note_keep',
  text: `
    with n as (
      insert into payment_note (note_id, payment_id, at, actor, application, person, text_hash, body)
      select $1, payment_id, db_now(), $3, $4, $5, $6, $7 from payment_order
      where payment_id = $2 and (select count(*) from payment_note where payment_id = $2) < ${MOST_NOTES}
      on conflict (note_id) do nothing
      returning *)
    select ${NOTE_COLUMNS} from n`,
};

/** The note that has the id already, or none, and whether its payment is there. $1 note_id, $2 payment_id */
export const FIND_NOTE: Statement = {
  name: 'note_find',
  text: `
    select ${NOTE_COLUMNS}, exists (select from payment_order where payment_id = $2) as is_known
    from (select) one left join payment_note n on n.note_id = $1`,
};

/** The newest first; all, since those written in the same moment may be more than a payment may have. $1 payment_id */
export const NOTES_OF_PAYMENT: Statement = {
  name: 'note_list',
  text: `
    select ${NOTE_COLUMNS} from payment_note n
    where n.payment_id = $1 order by n.sequence desc`,
};
