import { present, type MaybePresent } from '../../platform/present.js';
import type { Place } from '../../platform/sealing/sealing.js';
import type { NoteDto } from '../notes/note.dto.js';
import { PAYMENTS_RAW } from '../operator.js';
import type { TimelineEventDto, TimelineFactsDto, TimelineMessagesDto } from './timeline.dto.js';

export interface TimelineRow {
  readonly at: Date;
  readonly what: string;
  readonly detail: Partial<MaybePresent<TimelineFactsDto>>;
  /** The row has messages, which are shown or withheld. */
  readonly is_message: boolean;
  readonly request: Buffer | null;
  readonly answer: Buffer | null;
  /** Where each is stored, if it may be sealed. */
  readonly request_place: Place | null;
  readonly answer_place: Place | null;
}

/** The log takes no lines, and no message is shown unseen. */
export const NOT_AUDITED = 'log';

/** Why messages are not shown. */
export type Withheld = typeof PAYMENTS_RAW | typeof NOT_AUDITED;

/** Decrypted messages, as they may be shown. */
export interface ShownMessages {
  textOf(message: Buffer): string;
}

/**
 * @param notes gives the text of a note
 * @param shown the messages, or why the caller does not see them
 */
export function timelineView(
  row: TimelineRow,
  notes: readonly NoteDto[],
  shown: ShownMessages | Withheld,
): TimelineEventDto {
  const { noteId } = row.detail;
  return present<TimelineEventDto>({
    at: row.at,
    what: row.what,
    ...row.detail,
    text: notes.find((note) => note.noteId === noteId)?.text,
    messages: row.is_message ? messagesOf(row, shown) : undefined,
  });
}

function messagesOf({ request, answer }: TimelineRow, shown: ShownMessages | Withheld): TimelineMessagesDto {
  if (typeof shown === 'string') return { withheld: shown };
  return {
    ...(request && { request: shown.textOf(request) }),
    ...(answer && { answer: shown.textOf(answer) }),
  };
}
