import type { Principal } from './principal.js';

/**
 * Who calls, and in which request: handed on to whoever works for that request, so that each line of the log that is
 * written because of it can name it.
 */
export interface Caller extends Principal {
  readonly requestId: string;
}

/** A new one for each request: the principal of a key is shared by all requests that bring it. */
export function callerOf({ name, scopes, subject }: Principal, requestId: string): Caller {
  return subject === undefined ? { name, scopes, requestId } : { name, scopes, subject, requestId };
}
