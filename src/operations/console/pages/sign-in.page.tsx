import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JSX } from 'preact';
import { ConsoleSettings } from '../console.settings.js';
import { CsrfField } from '../parts/forms.js';
import { IdentityProvider } from '../provider/identity-provider.js';
import { ProviderSettings } from '../provider/provider.settings.js';
import { sendPage } from '../send-page.js';
import { LONGEST_SESSION_HOURS } from '../session/operator-session.js';
import { SIGN_IN, type SessionEnd } from '../session/sign-in-gate.js';

/** The route that starts the sign-in by the identity provider. */
export const PROVIDER_SIGN_IN = `${SIGN_IN}/provider`;

export interface SignInView {
  readonly next: string;
  /** Why the previous session has ended. */
  readonly ended?: SessionEnd;
  readonly refusal?: string;
  /** A form was sent after the session had ended, so it was not saved. */
  readonly isUnkept?: boolean;
  /** The provider signed in a person who may not enter; the page offers to sign in as another one. */
  readonly asksForOther?: boolean;
}

/** The sign-in page: by the identity provider where there is one, and always by a token. */
@Injectable()
export class SignInPage {
  constructor(
    private readonly settings: ConsoleSettings,
    private readonly providerSettings: ProviderSettings,
    private readonly provider: IdentityProvider,
  ) {}

  async send(request: FastifyRequest, reply: FastifyReply, view: SignInView): Promise<FastifyReply> {
    const label = this.provider.isOn ? this.providerSettings.label : undefined;
    const isThere = label !== undefined && (await this.provider.isThere());
    const { idleMinutes } = this.settings;
    const body = (
      <section class="sign-in">
        <h1>Payments console</h1>
        <Notices {...view} idleMinutes={idleMinutes} />
        {label !== undefined && <ByProvider {...view} label={label} isThere={isThere} />}
        <ByToken next={view.next} idleMinutes={idleMinutes} isOnly={label === undefined} />
      </section>
    );
    return sendPage(request, reply, { title: 'Sign in', body });
  }
}

function endText(ended: SessionEnd, idleMinutes: number): string {
  const texts: Readonly<Record<SessionEnd, string>> = {
    idle: `Your session has ended: nothing was clicked for ${idleMinutes} minutes, or the service was started anew.`,
    shift: `You were signed out, because a session lasts ${LONGEST_SESSION_HOURS} hours at most.`,
    'signed-out': 'You have signed out of this session.',
    token: 'You were signed out, because your token has ended or was taken back.',
    provider:
      'You were signed out, because your session was ended, its time was over, or the rules for signing in have changed.',
  };
  return `${texts[ended]} After signing in you return to the page that was open.`;
}

function Notices({
  ended,
  refusal,
  isUnkept,
  idleMinutes,
}: SignInView & { idleMinutes: number }): JSX.Element {
  return (
    <>
      {ended !== undefined && (
        <p class="notice" role="status">
          {endText(ended, idleMinutes)}
        </p>
      )}
      {isUnkept === true && (
        <p class="notice warn" role="alert">
          What you sent was not kept, because you were not signed in any more. Sign in and send it again.
        </p>
      )}
      {refusal !== undefined && (
        <p class="notice bad" role="alert">
          {refusal}
        </p>
      )}
    </>
  );
}

interface ByProviderProps extends SignInView {
  readonly label: string;
  readonly isThere: boolean;
}

function ByProvider({ next, asksForOther, label, isThere }: ByProviderProps): JSX.Element {
  const query = new URLSearchParams({ next, ...(asksForOther === true && { again: '1' }) });
  if (!isThere)
    return (
      <p class="notice warn" role="status">
        The identity provider cannot be reached at the moment. Sign in with a token, or load this page again
        later.
      </p>
    );
  return (
    <p>
      <a class="button primary" href={`${PROVIDER_SIGN_IN}?${query.toString()}`}>
        {asksForOther === true ? 'Sign in with another account' : `Sign in with ${label}`}
      </a>
    </p>
  );
}

interface ByTokenProps {
  readonly next: string;
  readonly idleMinutes: number;
  /** False when there is a provider: most people use it, so the field does not take the focus. */
  readonly isOnly: boolean;
}

function ByToken({ next, idleMinutes, isOnly }: ByTokenProps): JSX.Element {
  return (
    <form method="post" action={SIGN_IN}>
      <CsrfField />
      <input type="hidden" name="next" value={next} />
      <label for="token">Operator token</label>
      <input
        id="token"
        name="token"
        type="password"
        required
        autocomplete="current-password"
        spellcheck={false}
        aria-describedby="token-note"
        autofocus={isOnly}
      />
      <p id="token-note" class="note">
        A bearer token with the scope payments:operate. You are signed out after {idleMinutes} minutes without
        a click. With payments:watch, which only looks, you stay signed in.
      </p>
      <button type="submit" class={isOnly ? 'primary' : undefined}>
        Sign in
      </button>
    </form>
  );
}
