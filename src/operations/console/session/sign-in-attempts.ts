import { randomBytes, randomUUID } from 'node:crypto';
import type { Session } from '@fastify/secure-session';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { EndedSessions } from './ended-sessions.js';

/** One sign-in at the identity provider, under way in this browser. */
export interface SignInAttempt {
  readonly id: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** The page to show after the sign-in. */
  readonly next: string;
  /** ms since the epoch, by the clock of the process that began it. */
  readonly begunAt: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    readonly signInAttempts: Session<{ readonly begun: readonly SignInAttempt[] }>;
  }
}

/** Long enough to find a second factor, short enough for secrets kept in a browser. */
export const ATTEMPT_MINUTES = 10;
/** Tabs that may sign in at the same time: as many as fit into a cookie of 4096 bytes. */
const MOST_ATTEMPTS = 3;
const LONGEST_NEXT = 400;

export type FoundAttempt =
  | { readonly outcome: 'found'; readonly attempt: SignInAttempt }
  | { readonly outcome: 'refused'; readonly reason: string };

/**
 * Sign-ins under way, in an encrypted cookie of their own: the session cookie is not sent when the provider sends the
 * browser back. An answer meant for another browser finds nothing here and signs nobody in.
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

  /** Takes the attempt with this state, in every copy of the cookie: an answer is used once, whatever the outcome. */
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
