import type { FastifyRequest } from 'fastify';
import type { Origin } from '../tracing/origin.js';
import { originOf } from '../tracing/request-spans.js';

/** Who is calling, as far as the token says. */
export interface Principal {
  /** Of the API key or the client application; for the log. */
  readonly name: string;
  readonly scopes: ReadonlySet<string>;
  /** Present when the token was made for one person; it may act for no other. */
  readonly subject?: string;
}

/**
 * Who calls, and in which request: handed on to all code that works for that request, so that each line of the log can
 * name it.
 */
export interface Caller extends Principal {
  readonly origin: Origin;
  /** Where the request came from, as far as the proxies in front are trusted. */
  readonly address: string;
}

/** A new object for each request: all requests with one key share its principal. */
export function callerOf(
  { name, scopes, subject }: Principal,
  request: Pick<FastifyRequest, 'id' | 'ip'>,
): Caller {
  const caller = { name, scopes, origin: originOf(request), address: request.ip };
  return subject === undefined ? caller : { ...caller, subject };
}

const principals = new WeakMap<FastifyRequest, Principal>();

/** Kept beside the request, not on it, so that no other code can put itself in the caller's place by a property. */
export function setPrincipal(request: FastifyRequest, principal: Principal): void {
  principals.set(request, principal);
}

export function principalOf(request: FastifyRequest): Principal | undefined {
  return principals.get(request);
}

/** What a token proves. `unknown` is not `refused`: the identity provider did not answer. */
export type TokenCheck =
  | { readonly outcome: 'known'; readonly principal: Principal }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'unknown'; readonly cause: unknown };
