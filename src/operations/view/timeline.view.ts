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

/** @param redaction present when the caller may see messages */
export function timelineView(row: TimelineRow, redaction?: CodeRedaction): Record<string, unknown> {
  const facts = Object.entries(row.detail).filter(([, value]) => value !== null);
  return {
    at: row.at,
    what: row.what,
    ...Object.fromEntries(facts),
    ...(row.is_message && { messages: messagesOf(row, redaction) }),
  };
}

function messagesOf({ request, answer }: TimelineRow, redaction?: CodeRedaction): Record<string, unknown> {
  if (!redaction) return { withheld: PAYMENTS_RAW };
  return {
    ...(request && { request: redaction.textOf(request) }),
    ...(answer && { answer: redaction.textOf(answer) }),
  };
}
