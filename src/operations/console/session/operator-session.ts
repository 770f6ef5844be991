import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Authentication } from '../../../platform/auth/authentication.js';
import type { Principal, TokenCheck } from '../../../platform/auth/caller.js';
import { PAYMENTS_APPROVE, PAYMENTS_OPERATE, PAYMENTS_WATCH } from '../../operator.js';
import { EndedSessions } from './ended-sessions.js';

declare module '@fastify/secure-session' {
  interface SessionData {
    readonly token: string;
    /** What a sign-out ends, in every copy of the cookie. */
    readonly sessionId: string;
    /** ms since the epoch, by the clock of the process that signed the operator in. */
    readonly signedInAt: number;
  }
}

/** However busy an operator is, once a shift they prove who they are again. */
export const LONGEST_SESSION_HOURS = 12;
const LONGEST_SESSION_MS = LONGEST_SESSION_HOURS * 3_600_000;
/** What fits into a cookie of 4096 bytes, encrypted and written as base64, with the outcome of an act beside it. */
const LONGEST_TOKEN = 2_000;

/** One of them lets somebody in. */
const SCOPES = [PAYMENTS_OPERATE, PAYMENTS_APPROVE, PAYMENTS_WATCH];

/** Who may not only looks. Their session neither ends by itself, as on a screen on a wall, nor can it do anything. */
export function mayAct({ scopes }: Principal): boolean {
  return scopes.has(PAYMENTS_OPERATE);
}

/** Their session ends after a shift, and when nothing is clicked. */
export function doesAnything(principal: Principal): boolean {
  return mayAct(principal) || mayApprove(principal);
}

/** Who may decide about what another person proposed. */
export function mayApprove({ scopes }: Principal): boolean {
  return scopes.has(PAYMENTS_APPROVE);
}

export type SessionCheck = TokenCheck | { readonly outcome: 'absent' };

export type SignIn =
  | { readonly outcome: 'signed_in'; readonly principal: Principal }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'unknown'; readonly cause: unknown };

/**
 * A session is the operator's token, encrypted in a cookie that no script can read. It proves nothing by itself: at
 * every request the token is checked as if it had come in the `Authorization` header, so that a token that is taken
 * back, has ended or has lost its scope ends the session in every process.
 */
@Injectable()
export class OperatorSession {
  constructor(
    private readonly authentication: Authentication,
    private readonly ended: EndedSessions,
  ) {}

  async signIn({ session }: FastifyRequest, token: string): Promise<SignIn> {
    if (token.length > LONGEST_TOKEN) return { outcome: 'refused', reason: 'TOKEN_TOO_LONG' };
    const check = await this.check(token);
    if (check.outcome !== 'known') return check;
    // Whatever was in the cookie before came from somebody who was not signed in.
    session.regenerate();
    session.set('token', token);
    session.set('sessionId', randomUUID());
    session.set('signedInAt', Date.now());
    return { outcome: 'signed_in', principal: check.principal };
  }

  /** Who is signed in; the cookie's own age has been checked by whoever decrypted it. */
  async operator({ session }: FastifyRequest): Promise<SessionCheck> {
    const token = session.get('token');
    const signedInAt = session.get('signedInAt');
    const sessionId = session.get('sessionId');
    if (token === undefined || signedInAt === undefined || sessionId === undefined)
      return { outcome: 'absent' };
    try {
      if (await this.ended.has(sessionId)) return { outcome: 'refused', reason: 'SIGNED_OUT' };
    } catch (cause) {
      return { outcome: 'unknown', cause };
    }
    const check = await this.check(token);
    const isOver = Date.now() - signedInAt > LONGEST_SESSION_MS;
    if (check.outcome === 'known' && isOver && doesAnything(check.principal)) {
      return { outcome: 'refused', reason: 'SESSION_ENDED' };
    }
    return check;
  }

  /** Ends it for every copy of its cookie, then here. */
  async signOut({ session }: FastifyRequest): Promise<void> {
    const sessionId = session.get('sessionId');
    if (sessionId !== undefined) await this.ended.end(sessionId);
    session.delete();
  }

  private async check(token: string): Promise<TokenCheck> {
    const check = await this.authentication.check(`Bearer ${token}`);
    if (check.outcome !== 'known') return check;
    const { scopes } = check.principal;
    if (SCOPES.some((scope) => scopes.has(scope))) return check;
    return { outcome: 'refused', reason: 'SCOPE_MISSING' };
  }
}
