import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf, type Caller, type Principal } from '../../../platform/auth/caller.js';
import { platformProblem } from '../../../platform/http/platform-problems.js';
import {
  doesAnything,
  mayAct,
  mayApprove,
  type OperatorSession,
  type SessionCheck,
} from './operator-session.js';
import { SESSION_COOKIES } from './session-plugins.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The page is also shown to people who are not signed in. */
    readonly isOpen?: boolean;
    /** Refused to people who may only look. */
    readonly isForOperators?: boolean;
    /** Refused to people who may not decide on proposals of others. */
    readonly isForApprovers?: boolean;
  }
}

const operators = new WeakMap<FastifyRequest, Principal>();

/** Who is signed in; undefined only on a page that says it is open. */
export function operatorOf(request: FastifyRequest): Principal | undefined {
  return operators.get(request);
}

export function signedInOperator(request: FastifyRequest): Caller {
  const operator = operators.get(request);
  // Only an open page without a sign-in gets here; acting for nobody would be worse than failing.
  if (operator === undefined) throw new Error('an open page has no operator');
  return callerOf(operator, request);
}

/** Checks every request of the console: a page is closed unless it says that it is open. */
export function signInGate(sessions: OperatorSession) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const check = await sessions.operator(request);
    if (check.outcome === 'known') {
      operators.set(request, check.principal);
      const { isForOperators, isForApprovers } = request.routeOptions.config;
      if (isForOperators === true && !mayAct(check.principal)) throw platformProblem('FORBIDDEN');
      if (isForApprovers === true && !mayApprove(check.principal)) throw platformProblem('FORBIDDEN');
      // An automatic refresh does not prove that the operator is there.
      if (!isLookingAgain(request) || !doesAnything(check.principal)) request.session.touch();
      return undefined;
    }
    if (isOpen(request)) return undefined;
    if (check.outcome === 'unknown') throw platformProblem('SERVICE_UNAVAILABLE', { cause: check.cause });
    const why = endOf(check, request);
    if (check.outcome === 'refused') request.session.delete();
    return cameFromElsewhere(request) ? comeAgain(request, reply) : toSignIn(request, reply, why);
  };
}

/** A refresh by htmx, which fetches the changing part of an open page every few seconds. */
export function isLookingAgain(request: FastifyRequest): boolean {
  return request.headers['hx-request'] === 'true';
}

function isOpen(request: FastifyRequest): boolean {
  return request.is404 || request.routeOptions.config.isOpen === true;
}

/** A browser does not send a strict cookie when somebody follows a link on another site, such as a chat. */
function cameFromElsewhere(request: FastifyRequest): boolean {
  return request.method === 'GET' && request.headers['sec-fetch-site'] === 'cross-site';
}

/** Makes the browser request the same address again, now from one of our pages and so with its cookie. */
function comeAgain(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return goOn(reply, request.url);
}

/**
 * Makes the browser go on by itself, as from one of our pages. A redirect would still count as coming from the site of
 * the request, and the content security policy lets a form lead only to us.
 */
export function goOn(reply: FastifyReply, address: string): FastifyReply {
  return reply.header('refresh', `0; url=${address}`).type('text/plain').send('One moment …');
}

/** Why a session has ended; the word is in the address of the sign-in page. */
export const SESSION_ENDS = ['idle', 'shift', 'signed-out', 'token', 'provider'] as const;
export type SessionEnd = (typeof SESSION_ENDS)[number];

const ENDS: Readonly<Record<string, SessionEnd>> = {
  SESSION_ENDED: 'shift',
  SIGNED_OUT: 'signed-out',
  SESSION_UNKNOWN: 'provider',
  SESSION_OVER: 'provider',
  RULES_CHANGED: 'provider',
};

/** A cookie that is there but empty was too old to be read. Undefined: nobody was signed in. */
function endOf(check: SessionCheck, { cookies }: FastifyRequest): SessionEnd | undefined {
  if (check.outcome === 'refused') return ENDS[check.reason] ?? 'token';
  return SESSION_COOKIES.some((name) => cookies[name] !== undefined) ? 'idle' : undefined;
}

/** Leads to the sign-in page, and from there back to this page; after a refresh, back to the page that refreshed. */
function toSignIn(request: FastifyRequest, reply: FastifyReply, why: SessionEnd | undefined): FastifyReply {
  const query = new URLSearchParams({
    next: request.method === 'GET' ? request.url : pageOf(request),
    ...(request.method !== 'GET' && { unkept: '1' }),
    ...(why !== undefined && { why }),
  });
  const address = `${SIGN_IN}?${query.toString()}`;
  // A redirect would put the sign-in page into the middle of the open page.
  if (isLookingAgain(request)) return reply.code(401).header('hx-redirect', address).send();
  return reply.redirect(address, 303);
}

/** The page that a form was on: the address that takes the form, or its nearest parent with a page. */
function pageOf({ server, routeOptions, url }: FastifyRequest): string {
  const parts = (routeOptions.url ?? '').split('/');
  if (server.hasRoute({ method: 'GET', url: parts.join('/') })) return url;
  while (parts.length > 2 && !server.hasRoute({ method: 'GET', url: parts.join('/') })) parts.pop();
  return url.split('?', 1).join('').split('/').slice(0, parts.length).join('/');
}

export const SIGN_IN = '/console/sign-in';

/** The page after the sign-in: an address of the console, never one that a stranger could choose. */
export function nextAddress(next: unknown): string {
  if (typeof next !== 'string' || !/^\/console(\/[\w./~%-]*)?(\?[\w.~%&=+:,*@/()!$?-]*)?$/.test(next))
    return '/console';
  const [path = ''] = next.split('?', 1);
  // A browser resolves dots, written plainly or encoded.
  const leadsElsewhere = path.includes('//') || /\/(\.|%2e){1,2}(\/|$)/i.test(path);
  return leadsElsewhere || /^\/console\/sign-(in|out)/.test(path) ? '/console' : next;
}
