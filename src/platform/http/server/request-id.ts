import { randomUUID } from 'node:crypto';

export const REQUEST_ID_HEADER = 'x-request-id';

/** Letters, digits and the marks ids are made of. Nothing that could break a log line, a header or a page. */
const SANE = /^[\w.:@/+=-]{1,64}$/;

/** The caller's own request id when it is a sane one, so that one id runs through all systems; else a new one. */
export function requestIdFrom(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && SANE.test(header) ? header : randomUUID();
}
