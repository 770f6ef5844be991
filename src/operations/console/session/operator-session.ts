import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Authentication } from '../../../platform/auth/authentication.js';
import type { Principal, TokenCheck } from '../../../platform/auth/caller.js';
import { PAYMENTS_APPROVE, PAYMENTS_OPERATE, PAYMENTS_WATCH } from '../../operator.js';
import { ProviderSettings } from '../provider/provider.settings.js';
import { EndedSessions } from './ended-sessions.js';
import { ProviderSessions } from './provider-sessions.js';

declare module '@fastify/secure-session' {
  interface SessionData {
    /** Absent: the identity provider signed the operator in. */
    readonly token: string;
    /** Ends the session with the provider too. It gives no access here. */
    readonly idToken: string;
    /** A sign-out ends this id, and so every copy of the cookie. */
    readonly sessionId: string;
    /** ms since the epoch, by the clock of the process that signed the operator in. */
    readonly signedInAt: number;
  }
}

/** Operators prove who they are once a shift, however busy they are. */
export const LONGEST_SESSION_HOURS = 12;
const LONGEST_SESSION_MS = LONGEST_SESSION_HOURS * 3_600_000;
/** In characters: what fits into a cookie of 4096 bytes, encrypted and in base64, beside the outcome of an act. */
const LONGEST_TOKEN = 2_000;

/** Each of them allows to enter. */
const SCOPES = [PAYMENTS_OPERATE, PAYMENTS_APPROVE, PAYMENTS_WATCH];

/**
 * False for sessions that only look, such as a screen on a wall: they can change nothing, and do not end by themselves.
 */
export function mayAct({ scopes }: Principal): boolean {
  return scopes.has(PAYMENTS_OPERATE);
}

/** Whether a session can change anything; it then ends after a shift, and earlier when nothing is clicked. */
export function doesAnything(principal: Principal): boolean {
  return mayAct(principal) || mayApprove(principal);
}

/** Whether this person may decide on a proposal of another one. */
export function mayApprove({ scopes }: Principal): boolean {
  return scopes.has(PAYMENTS_APPROVE);
}

/** A person whom the identity provider signed in. */
export interface SignedInPerson {
  readonly person: string;
  readonly scopes: readonly string[];
  readonly idToken: string;
}

export type SessionCheck = TokenCheck | { readonly outcome: 'absent' };

export type SignIn =
  | { readonly outcome: 'signed_in'; readonly principal: Principal }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'unknown'; readonly cause: unknown };

export interface SignedOut {
  /** The provider has a session of its own, which must be ended there. */
  readonly isOfProvider: boolean;
  readonly idToken?: string;
}

/**
 * A session is the operator's token, encrypted in a cookie that no script can read. It proves nothing by itself: every
 * request checks the token as if it had come in the `Authorization` header. So a token that is revoked, has expired or
 * has lost its scope ends the session in every process. For a person signed in by the identity provider there is no
 * token that lasts for hours: the cookie names a row with their name and scopes.
 */
@Injectable()
export class OperatorSession {
  constructor(
    private readonly authentication: Authentication,
    private readonly ended: EndedSessions,
    private readonly ofProvider: ProviderSessions,
    private readonly settings: ProviderSettings,
  ) {}

  async signIn({ session }: FastifyRequest, token: string): Promise<SignIn> {
    if (token.length > LONGEST_TOKEN) return { outcome: 'refused', reason: 'TOKEN_TOO_LONG' };
    const check = await this.check(token);
    if (check.outcome !== 'known') return check;
    begin(session);
    session.set('token', token);
    return { outcome: 'signed_in', principal: check.principal };
  }

  /** @throws when the database does not answer; then nobody is signed in */
  async signInPerson(
    { session }: FastifyRequest,
    { person, scopes, idToken }: SignedInPerson,
  ): Promise<Principal> {
    const principal = { name: this.settings.clientId ?? '', subject: person, scopes: new Set(scopes) };
    const hours = doesAnything(principal) ? LONGEST_SESSION_HOURS : this.settings.watchDays * 24;
    const sessionId = randomUUID();
    await this.ofProvider.open(sessionId, person, scopes, hours);
    begin(session, sessionId);
    // A longer one does not fit; at the sign-out the provider then asks the person to confirm.
    if (idToken.length <= LONGEST_TOKEN) session.set('idToken', idToken);
    return principal;
  }

  /** Checks who is signed in; the age of the cookie itself was checked when it was decrypted. */
  async operator({ session }: FastifyRequest): Promise<SessionCheck> {
    const token = session.get('token');
    const signedInAt = session.get('signedInAt');
    const sessionId = session.get('sessionId');
    if (signedInAt === undefined || sessionId === undefined) return { outcome: 'absent' };
    let check: TokenCheck;
    try {
      if (await this.ended.has(sessionId)) return { outcome: 'refused', reason: 'SIGNED_OUT' };
      check = await (token === undefined ? this.ofProvider.check(sessionId) : this.check(token));
    } catch (cause) {
      return { outcome: 'unknown', cause };
    }
    const isOver = Date.now() - signedInAt > LONGEST_SESSION_MS;
    if (check.outcome === 'known' && isOver && doesAnything(check.principal)) {
      return { outcome: 'refused', reason: 'SESSION_ENDED' };
    }
    return check;
  }

  /** Ends the session for every copy of its cookie, then in this browser. */
  async signOut({ session }: FastifyRequest): Promise<SignedOut> {
    const [sessionId, token, idToken] = [
      session.get('sessionId'),
      session.get('token'),
      session.get('idToken'),
    ];
    const isOfProvider = sessionId !== undefined && token === undefined;
    if (sessionId !== undefined) await this.ended.end(sessionId);
    if (isOfProvider) await this.ofProvider.close(sessionId);
    session.delete();
    return { isOfProvider, ...(idToken !== undefined && { idToken }) };
  }

  private async check(token: string): Promise<TokenCheck> {
    const check = await this.authentication.check(`Bearer ${token}`);
    if (check.outcome !== 'known') return check;
    const { scopes } = check.principal;
    if (SCOPES.some((scope) => scopes.has(scope))) return check;
    return { outcome: 'refused', reason: 'SCOPE_MISSING' };
  }
}

function begin(session: FastifyRequest['session'], sessionId: string = randomUUID()): void {
  // The old content of the cookie came from a browser that was not signed in.
  session.regenerate();
  session.set('sessionId', sessionId);
  session.set('signedInAt', Date.now());
}
