import type { JSX } from 'preact';
import type { Approvable } from '../../../payment-order/operator/approval.js';
import { isOperatorAct } from '../../../payment-order/operator/operator-action.js';
import { actTitle } from '../../acts/operator-acts.js';
import type { ApprovalDto } from '../../approvals/approval.dto.js';
import { LONGEST_REASON } from '../../reason.js';
import { Facts, Id } from './facts.js';
import { CsrfField } from './forms.js';
import { usePageView } from './page-view.js';
import { State } from './state.js';
import { Time } from './time.js';

/** All proposals that wait for a second person, with their effect and proposer, and those that were decided. */
export function Approvals({ approvals, fault }: ApprovalsProps): JSX.Element {
  const open = approvals.filter(({ status }) => status === 'PROPOSED');
  const over = approvals.filter(({ status }) => status !== 'PROPOSED');
  return (
    <section class="narrow">
      <h1>Waiting for approval</h1>
      {fault !== undefined && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      {open.length === 0 && <p class="empty">Nothing waits for a second person.</p>}
      {open.map((approval) => (
        <Approval key={approval.approvalId} approval={approval} />
      ))}
      {over.length > 0 && <h2>Decided or over</h2>}
      {over.map((approval) => (
        <Approval key={approval.approvalId} approval={approval} />
      ))}
    </section>
  );
}

export interface ApprovalsProps {
  readonly approvals: readonly ApprovalDto[];
  readonly fault?: string | undefined;
}

/** The open proposals for one payment, for its page. */
export function WaitingApprovals({ approvals }: Pick<ApprovalsProps, 'approvals'>): JSX.Element | null {
  const open = approvals.filter(({ status }) => status === 'PROPOSED' || status === 'INTERRUPTED');
  if (open.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="approvals">
      <h2 id="approvals">Waiting for approval</h2>
      <ul class="plain">
        {open.map(({ approvalId, action, status, proposedBy, proposedAt, reason }) => (
          <li key={approvalId}>
            <a href={`/console/approvals#approval-${approvalId}`}>{approvableTitle(action)}</a>{' '}
            <State of={status} /> {reason}{' '}
            <small class="quiet">
              {proposedBy} <Time at={new Date(proposedAt)} />
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}

const MANY_TITLES: Readonly<Record<string, string>> = {
  'redeliver-many': 'Resend results',
  'resend-events': 'Resend events',
};

function approvableTitle(action: Approvable): string {
  return isOperatorAct(action) ? actTitle(action) : (MANY_TITLES[action] ?? action);
}

function Approval({ approval }: { approval: ApprovalDto }): JSX.Element {
  const { approvalId, action, paymentId, count, status, effect, reason, why } = approval;
  return (
    <div class="panel" id={`approval-${approvalId}`}>
      <h3>
        {approvableTitle(action)}
        {count > 0 && `: ${count}`} <State of={status} />
      </h3>
      <p>{effect}</p>
      {status === 'INTERRUPTED' && (
        <p class="notice warn">
          It was approved, and the service was cut off. The timeline of the payment says whether it was done;
          if not, propose it again.
        </p>
      )}
      {why !== undefined && <p class="notice warn">Nothing was changed. {why}</p>}
      <Facts
        of={[
          ['Payment', paymentId && <a href={`/console/payments/${paymentId}`}>{paymentId}</a>],
          ['Approval', <Id>{approvalId}</Id>],
          ['Proposed by', approval.proposedBy],
          ['Proposed at', <Time at={new Date(approval.proposedAt)} />],
          ['Why', reason],
          ['Expires at', status === 'PROPOSED' && <Time at={new Date(approval.expiresAt)} />],
          ['Decided by', approval.decidedBy],
          ['Decided at', approval.decidedAt && <Time at={new Date(approval.decidedAt)} />],
          ['Why so', approval.decisionReason],
        ]}
      />
      {status === 'PROPOSED' && <Decide approvalId={approvalId} />}
    </div>
  );
}

function Decide({ approvalId }: { approvalId: string }): JSX.Element | null {
  if (!usePageView().mayApprove) return null;
  const address = `/console/approvals/${approvalId}`;
  return (
    <form method="post" action={`${address}/approve`} class="stack">
      <CsrfField />
      <label for={`reason-${approvalId}`}>Why</label>
      <input
        id={`reason-${approvalId}`}
        name="reason"
        class="wide"
        required
        maxLength={LONGEST_REASON}
        autocomplete="off"
      />
      <div class="bulk">
        <button type="submit" class="primary">
          Approve
        </button>
        <button type="submit" formaction={`${address}/reject`}>
          Reject
        </button>
      </div>
    </form>
  );
}
