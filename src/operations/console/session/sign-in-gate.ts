import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf, type Caller, type Principal } from '../../../platform/auth/caller.js';
import { platformProblem } from '../../../platform/http/platform-problems.js';
import type { OperatorSession } from './operator-session.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A page of the console that is shown to somebody who has not signed in. */
    readonly isOpen?: boolean;
  }
}

const operators = new WeakMap<FastifyRequest, Principal>();

/** Who is signed in; undefined only on a page that says it is open. */
export function operatorOf(request: FastifyRequest): Principal | undefined {
  return operators.get(request);
}

export function signedInOperator(request: FastifyRequest): Caller {
  const operator = operators.get(request);
  // Only a page that calls itself open gets here; acting for nobody would be worse than failing.
  if (operator === undefined) throw new Error('an open page has no operator');
  return callerOf(operator, request);
}

/** Stands before every page of the console: a page is closed unless it says that it is open. */
export function signInGate(sessions: OperatorSession) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const check = await sessions.operator(request);
    if (check.outcome === 'known') {
      operators.set(request, check.principal);
      // A page that looks again by itself is no operator who does something.
      if (!isLookingAgain(request)) request.session.touch();
      return undefined;
    }
    if (isOpen(request)) return undefined;
    if (check.outcome === 'unknown') throw platformProblem('SERVICE_UNAVAILABLE', { cause: check.cause });
    if (check.outcome === 'refused') request.session.delete();
    return cameFromElsewhere(request) ? comeAgain(request, reply) : toSignIn(request, reply);
  };
}

/** A request of htmx, which asks for the changing part of an open page every few seconds. */
export function isLookingAgain(request: FastifyRequest): boolean {
  return request.headers['hx-request'] === 'true';
}

function isOpen(request: FastifyRequest): boolean {
  return request.is404 || request.routeOptions.config.isOpen === true;
}

/** A browser keeps a strict cookie back when a link on another site is followed, as in a chat. */
function cameFromElsewhere(request: FastifyRequest): boolean {
  return request.method === 'GET' && request.headers['sec-fetch-site'] === 'cross-site';
}

/** The browser asks for the same address again, now from a page of ours, and with its cookie. */
function comeAgain(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.header('refresh', `0; url=${request.url}`).type('text/plain').send('One moment …');
}

function toSignIn(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const wanted = request.method === 'GET' && !isLookingAgain(request) ? request.url : undefined;
  const address = wanted === undefined ? SIGN_IN : `${SIGN_IN}?next=${encodeURIComponent(wanted)}`;
  // A redirect would put the sign-in page into the middle of the page that asked.
  if (isLookingAgain(request)) return reply.code(401).header('hx-redirect', SIGN_IN).send();
  return reply.redirect(address, 303);
}

export const SIGN_IN = '/console/sign-in';

/** Where to go after signing in: an address of the console, and nothing a stranger could put in its place. */
export function nextAddress(next: unknown): string {
  const isOurs = typeof next === 'string' && /^\/console(\/[\w./~%-]*)?(\?[\w.~%&=+:,*-]*)?$/.test(next);
  return isOurs && !next.startsWith(SIGN_IN) && !next.includes('//') ? next : '/console';
}
