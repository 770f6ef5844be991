import csrfProtection from '@fastify/csrf-protection';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ATTEMPT_MINUTES } from './sign-in-attempts.js';

export interface SessionRules {
  readonly keys: Buffer[];
  /** Of the cookie that remembers who is on the way to the identity provider. */
  readonly attemptKeys: Buffer[];
  readonly idleMinutes: number;
  /** False only where the console is spoken to in plain http on this machine itself. */
  readonly isSecure: boolean;
  /** What a proxy takes off our paths; a browser knows them with it. */
  readonly publicPathPrefix: string;
}

/** A browser takes `__Host-` from this very host only, never from a neighbour under its domain, and for every path of it. */
const COOKIES = { plain: 'console', host: '__Host-console', path: '__Secure-console' } as const;
export const SESSION_COOKIES = Object.values(COOKIES);
const ATTEMPTS = '-sign-in';

/** Encrypted sessions, and a token in every form that a page of another site cannot know. */
export async function registerSessions(fastify: FastifyInstance, rules: SessionRules): Promise<void> {
  // Only for a console that is served: it brings native code, which Node's permission model may deny.
  const { default: secureSession } = await import('@fastify/secure-session');
  const { isSecure, publicPathPrefix } = rules;
  // Below a prefix other services have the same host, and the session is none of theirs.
  const path = publicPathPrefix === '' ? '/' : `${publicPathPrefix}/console`;
  const cookie = { path, httpOnly: true, secure: isSecure };
  await fastify.register(secureSession, [
    {
      sessionName: 'session',
      key: rules.keys,
      expiry: rules.idleMinutes * 60,
      cookieName: cookieName(rules),
      cookie: { ...cookie, sameSite: 'strict' },
    },
    {
      sessionName: 'signInAttempts',
      key: rules.attemptKeys,
      expiry: ATTEMPT_MINUTES * 60,
      cookieName: cookieName(rules) + ATTEMPTS,
      // It has to come along when the provider sends the browser back.
      cookie: { ...cookie, sameSite: 'lax', maxAge: ATTEMPT_MINUTES * 60 },
    },
  ]);
  await fastify.register(csrfProtection, {
    sessionPlugin: '@fastify/secure-session',
    getToken: formToken,
  });
  fastify.addHook('preHandler', (request, reply, done) => {
    if (request.method === 'GET' || request.method === 'HEAD') return done();
    fastify.csrfProtection(request, reply, done);
  });
}

function cookieName({ isSecure, publicPathPrefix }: SessionRules): string {
  if (!isSecure) return COOKIES.plain;
  return publicPathPrefix === '' ? COOKIES.host : COOKIES.path;
}

/** From the form only: no script of ours posts anything. */
function formToken({ body }: FastifyRequest): string | undefined {
  if (typeof body !== 'object' || body === null || !('csrf' in body)) return undefined;
  return typeof body.csrf === 'string' ? body.csrf : undefined;
}
