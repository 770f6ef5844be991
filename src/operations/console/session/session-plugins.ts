import csrfProtection from '@fastify/csrf-protection';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ATTEMPT_MINUTES } from './sign-in-attempts.js';

export interface SessionRules {
  readonly keys: Buffer[];
  /** The keys of the cookie for a sign-in under way at the identity provider. */
  readonly attemptKeys: Buffer[];
  readonly idleMinutes: number;
  /** False only where the console is served in plain http on this machine itself. */
  readonly isSecure: boolean;
  /** The prefix that a proxy removes from our paths; the browser's paths have it. */
  readonly publicPathPrefix: string;
}

/**
 * A browser accepts `__Host-` only from this very host, never from a neighbour under its domain, and only for all
 * paths.
 */
const COOKIES = { plain: 'console', host: '__Host-console', path: '__Secure-console' } as const;
export const SESSION_COOKIES = Object.values(COOKIES);
const ATTEMPTS = '-sign-in';

/** Encrypted sessions, and a CSRF token in every form, which a page of another site cannot know. */
export async function registerSessions(fastify: FastifyInstance, rules: SessionRules): Promise<void> {
  // Imported only when the console is served: it loads native code, which Node's permission model may deny.
  const { default: secureSession } = await import('@fastify/secure-session');
  const { isSecure, publicPathPrefix } = rules;
  // Other services share the host of a prefix, and must not get the session.
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
      // The browser must send it when the provider sends the browser back.
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

/** Only from the form: none of our scripts posts anything. */
function formToken({ body }: FastifyRequest): string | undefined {
  if (typeof body !== 'object' || body === null || !('csrf' in body)) return undefined;
  return typeof body.csrf === 'string' ? body.csrf : undefined;
}
