import type { FastifyRequest } from 'fastify';
import type { JSX } from 'preact';
import type { OperatorAct } from '../../../payment-order/operator/operator-action.js';
import { actTitle } from '../../acts/operator-acts.js';
import { isLookingAgain } from '../session/sign-in-gate.js';
import type { PaymentId } from '../../../payment-order/order/ids.js';

/** A cookie holds it. */
const LONGEST_TEXT = 400;

/** The outcome of an act, shown once, on the next page. */
export interface Outcome {
  readonly paymentId: PaymentId;
  readonly act: OperatorAct;
  readonly changed: boolean;
  /** It waits for a second person. */
  readonly isProposed?: boolean;
  readonly text: string;
}

declare module '@fastify/secure-session' {
  interface SessionData {
    readonly outcome: Outcome;
  }
}

/** Kept in the session and not in the address: a link cannot make a page say that something was done. */
export function keepOutcome({ session }: FastifyRequest, outcome: Outcome): void {
  session.set('outcome', { ...outcome, text: outcome.text.slice(0, LONGEST_TEXT) });
}

export function takeOutcome(request: FastifyRequest, paymentId: PaymentId): Outcome | undefined {
  const outcome = request.session.get('outcome');
  // A page that looks again shows only its changing part; it must not use up what the whole page is to tell.
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
