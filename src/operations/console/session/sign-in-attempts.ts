import { randomBytes, randomUUID } from 'node:crypto';
import type { Session } from '@fastify/secure-session';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { EndedSessions } from './ended-sessions.js';

/** One way to the identity provider and back, of this browser. */
export interface SignInAttempt {
  readonly id: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** The page to show afterwards. */
  readonly next: string;
  /** ms since the epoch, by the clock of the process that began it. */
  readonly begunAt: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    readonly signInAttempts: Session<{ readonly begun: readonly SignInAttempt[] }>;
  }
}

/** Long enough to find one's second factor, short enough for what lies about in a browser. */
export const ATTEMPT_MINUTES = 10;
/** As many tabs may be on their way at once; what fits into a cookie of 4096 bytes. */
const MOST_ATTEMPTS = 3;
const LONGEST_NEXT = 400;

export type FoundAttempt =
  | { readonly outcome: 'found'; readonly attempt: SignInAttempt }
  | { readonly outcome: 'refused'; readonly reason: string };

/**
 * Sign-ins that are under way, in an encrypted cookie of their own: the one of the session does not come along when the
 * provider sends the browser back, and whoever has not begun in this browser cannot be signed in here by somebody
 * else's answer.
 */
@Injectable()
export class SignInAttempts {
  constructor(private readonly ended: EndedSessions) {}

  begin({ signInAttempts }: FastifyRequest, next: string): SignInAttempt {
    const attempt = {
      id: randomUUID(),
      state: secret(),
      nonce: secret(),
      verifier: secret(),
      next: next.length > LONGEST_NEXT ? '/console' : next,
      begunAt: Date.now(),
    };
    const others = signInAttempts.get('begun') ?? [];
    signInAttempts.set('begun', [attempt, ...others].slice(0, MOST_ATTEMPTS));
    return attempt;
  }

  /** Takes the attempt of this state away, in every copy of the cookie: an answer is taken once, whatever comes of it. */
  async take({ signInAttempts }: FastifyRequest, state: string | undefined): Promise<FoundAttempt> {
    const begun = signInAttempts.get('begun') ?? [];
    const attempt = begun.find((one) => one.state === state);
    if (attempt === undefined) return { outcome: 'refused', reason: 'NOT_BEGUN_HERE' };
    const others = begun.filter((one) => one !== attempt);
    if (others.length > 0) signInAttempts.set('begun', others);
    else signInAttempts.delete();
    if (!(await this.ended.end(attempt.id))) return { outcome: 'refused', reason: 'ANSWER_REPEATED' };
    const isOld = Date.now() - attempt.begunAt > ATTEMPT_MINUTES * 60_000;
    return isOld ? { outcome: 'refused', reason: 'ATTEMPT_EXPIRED' } : { outcome: 'found', attempt };
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}
