import type { CodeRedaction } from './code-redaction.js';
import { PAYMENTS_RAW } from './raw-scope.js';

export interface TimelineRow {
  readonly at: Date;
  readonly what: string;
  readonly detail: Readonly<Record<string, unknown>>;
  /** An exchange of messages, which are shown or withheld. */
  readonly is_message: boolean;
  readonly request: Buffer | null;
  readonly answer: Buffer | null;
}

/** What happened, when, and the facts beside it, which differ from event to event. */
export interface TimelineEvent extends Readonly<Record<string, unknown>> {
  readonly at: Date;
  readonly what: string;
  readonly messages?: TimelineMessages;
}

export interface TimelineMessages {
  readonly request?: string;
  readonly answer?: string;
  /** The scope that would have shown them. */
  readonly withheld?: string;
}

/** @param redaction present when the caller may see messages */
export function timelineView(row: TimelineRow, redaction?: CodeRedaction): TimelineEvent {
  const facts = Object.entries(row.detail).filter(([, value]) => value !== null);
  return {
    at: row.at,
    what: row.what,
    ...Object.fromEntries(facts),
    ...(row.is_message && { messages: messagesOf(row, redaction) }),
  };
}

function messagesOf({ request, answer }: TimelineRow, redaction?: CodeRedaction): TimelineMessages {
  if (!redaction) return { withheld: PAYMENTS_RAW };
  return {
    ...(request && { request: redaction.textOf(request) }),
    ...(answer && { answer: redaction.textOf(answer) }),
  };
}
