import type { JSX } from 'preact';
import type { OperatorAct } from '../../../payment-order/operator/operator-action.js';
import type { PaymentId } from '../../../payment-order/order/ids.js';
import { actTitle } from '../../acts/operator-acts.js';
import { Why } from './act-reason.js';
import { CsrfField } from './forms.js';
import { State } from './state.js';

/** Without `ask-ledger`: it may take long, and one page would wait for all of them. */
export const BULK_ACTS = ['redeliver', 'close', 'release'] as const satisfies readonly OperatorAct[];
export type BulkAct = (typeof BULK_ACTS)[number];

/** As many as one page of a list shows. */
export const MOST_AT_ONCE = 50;

/** The address of a form for payments marked in the list at `list`, a path with its query. */
export function bulkAddress(list: string): string {
  return `/console/bulk?${new URLSearchParams({ list }).toString()}`;
}

/** The effect of an act on one payment, or its outcome. */
export interface BulkLine {
  readonly paymentId: PaymentId;
  readonly isPossible: boolean;
  readonly text: string;
  readonly state?: string;
}

/** The choice of an act for the marked payments, below a list. */
export function BulkChoice(): JSX.Element {
  return (
    <fieldset class="bulk">
      <legend>With the marked payments</legend>
      {BULK_ACTS.map((act) => (
        <button key={act} type="submit" name="act" value={act}>
          {actTitle(act)} …
        </button>
      ))}
    </fieldset>
  );
}

interface BulkPageProps {
  /** The list in which they were marked: path and query. */
  readonly list: string;
  readonly act: BulkAct;
  readonly lines: readonly BulkLine[];
  readonly leftOut: number;
  readonly isDone: boolean;
  readonly isFaulty: boolean;
}

export function BulkPage({ list, act, lines, leftOut, isDone, isFaulty }: BulkPageProps): JSX.Element {
  const possible = lines.filter(({ isPossible }) => isPossible);
  return (
    <>
      <p>
        <a href={list}>← Payments</a>
      </p>
      <div class="head">
        <h1>{actTitle(act)}</h1>
        <span class="quiet">
          {isDone ? 'done for' : 'possible for'} {possible.length} of {lines.length} payments
          {leftOut > 0 && `; ${leftOut} more were marked and left out`}
        </span>
      </div>
      {lines.length === 0 && <p class="empty">No payment was marked.</p>}
      {lines.length > 0 && <Lines lines={lines} isDone={isDone} />}
      {!isDone && possible.length > 0 && (
        <form method="post" action={bulkAddress(list)} class="stack panel narrow">
          <CsrfField />
          <input type="hidden" name="act" value={act} />
          <input type="hidden" name="step" value="do" />
          {possible.map(({ paymentId }) => (
            <input key={paymentId} type="hidden" name="paymentId" value={paymentId} />
          ))}
          <Why isFaulty={isFaulty} />
          <button type="submit" class="primary">
            {actTitle(act)}: {possible.length}
          </button>
        </form>
      )}
    </>
  );
}

function Lines({ lines, isDone }: Pick<BulkPageProps, 'lines' | 'isDone'>): JSX.Element {
  return (
    <table class="list part">
      <thead>
        <tr>
          <th scope="col">Payment</th>
          <th scope="col">Order</th>
          <th scope="col">{isDone ? 'Done' : 'Possible'}</th>
          <th scope="col">What and why</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ paymentId, isPossible, text, state }) => (
          <tr key={paymentId}>
            <td class="mono">
              <a data-row href={`/console/payments/${paymentId}`}>
                {paymentId}
              </a>
            </td>
            <td>{state !== undefined && <State of={state} />}</td>
            <td>{isPossible ? 'yes' : 'no'}</td>
            <td>{text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
