/**
 * An error as one sentence for a reader at a terminal: its message and its causes, no stack. An error of several
 * attempts (`AggregateError`) has no message of its own, and `fetch failed` says nothing without its cause.
 */
export function failureSentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const parts = [ownMessage(error)];
  for (let cause = error.cause; cause instanceof Error && parts.length < 4; cause = cause.cause) {
    const message = ownMessage(cause);
    if (!parts.some((part) => part.includes(message))) parts.push(message);
  }
  return parts.join(': ');
}

function ownMessage(error: Error): string {
  if (error.message !== '') return error.message;
  if (error instanceof AggregateError) return error.errors.map((one) => failureSentence(one)).join('; ');
  return error.name;
}
