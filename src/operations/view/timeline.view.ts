import { present, type MaybePresent } from '../../platform/present.js';
import { PAYMENTS_RAW } from '../operator.js';
import type { CodeRedaction } from './code-redaction.js';
import type { TimelineEventDto, TimelineFactsDto, TimelineMessagesDto } from './timeline.dto.js';

export interface TimelineRow {
  readonly at: Date;
  readonly what: string;
  readonly detail: Partial<MaybePresent<TimelineFactsDto>>;
  /** An exchange of messages, which are shown or withheld. */
  readonly is_message: boolean;
  readonly request: Buffer | null;
  readonly answer: Buffer | null;
}

/** @param redaction present when the caller may see messages */
export function timelineView(row: TimelineRow, redaction?: CodeRedaction): TimelineEventDto {
  return present<TimelineEventDto>({
    at: row.at,
    what: row.what,
    ...row.detail,
    messages: row.is_message ? messagesOf(row, redaction) : undefined,
  });
}

function messagesOf({ request, answer }: TimelineRow, redaction?: CodeRedaction): TimelineMessagesDto {
  if (!redaction) return { withheld: PAYMENTS_RAW };
  return {
    ...(request && { request: redaction.textOf(request) }),
    ...(answer && { answer: redaction.textOf(answer) }),
  };
}
