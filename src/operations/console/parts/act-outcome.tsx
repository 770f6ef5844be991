import type { FastifyRequest } from 'fastify';
import type { JSX } from 'preact';
import type { OperatorAct } from '../../../payment-order/operator/operator-action.js';
import { actTitle } from '../../acts/operator-acts.js';
import { isLookingAgain } from '../session/sign-in-gate.js';
import type { PaymentId } from '../../../payment-order/order/ids.js';

/** The longest text that fits into the cookie, in characters. */
const LONGEST_TEXT = 400;

/** The outcome of an act, shown once, on the next page. */
export interface Outcome {
  readonly paymentId: PaymentId;
  readonly act: OperatorAct;
  readonly changed: boolean;
  /** The act waits for a second person. */
  readonly isProposed?: boolean;
  readonly text: string;
}

declare module '@fastify/secure-session' {
  interface SessionData {
    readonly outcome: Outcome;
  }
}

/** Kept in the session and not in the address: a link cannot make a page claim that something was done. */
export function keepOutcome({ session }: FastifyRequest, outcome: Outcome): void {
  session.set('outcome', { ...outcome, text: outcome.text.slice(0, LONGEST_TEXT) });
}

export function takeOutcome(request: FastifyRequest, paymentId: PaymentId): Outcome | undefined {
  const outcome = request.session.get('outcome');
  // A refresh replaces only a part of the page; it must not use up what the whole page has to show.
  if (outcome?.paymentId !== paymentId || isLookingAgain(request)) return undefined;
  request.session.set('outcome', undefined);
  return outcome;
}

export function ActOutcome({ act, changed, isProposed = false, text }: Outcome): JSX.Element {
  const unchanged = isProposed ? 'waits for a second person.' : 'nothing was changed.';
  return (
    <div class={`notice ${changed ? 'good' : 'warn'}`} role="status">
      <p>
        <strong>{`${actTitle(act)}: ${changed ? 'done.' : unchanged}`}</strong> {text}
      </p>
    </div>
  );
}
