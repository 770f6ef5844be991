import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { RowOf } from '../../platform/database/columns.js';
import { Database } from '../../platform/database/database.js';
import { present } from '../../platform/present.js';
import type { PaymentId } from '../order/ids.js';
import type { Approvable, ApprovalStatus, Person } from './approval.js';
import type { ApprovalEntity } from './approval.entity.js';
import * as sql from './approval.sql.js';

/** What is proposed, and about which payments. */
export interface Proposal {
  readonly action: Approvable;
  /** The payment as it was judged; absent where many are meant. */
  readonly payment?: { readonly paymentId: PaymentId; readonly updatedAt: Date };
  readonly targets: readonly string[];
  readonly effect: string;
  readonly by: Person;
  readonly reason: string;
  readonly validMs: number;
}

export interface Approval {
  readonly approvalId: string;
  readonly action: Approvable;
  readonly paymentId?: PaymentId;
  readonly targets: readonly string[];
  readonly effect: string;
  readonly status: ApprovalStatus;
  readonly proposer: Person;
  readonly proposedAt: Date;
  readonly reason: string;
  readonly expiresAt: Date;
  readonly decidedBy?: string;
  readonly decidedAt?: Date;
  readonly decisionReason?: string;
  readonly endedAt?: Date;
  readonly why?: string;
}

export interface ApprovalFilter {
  readonly paymentId?: PaymentId;
  /** Only those that can still be decided. */
  readonly onlyOpen: boolean;
  readonly limit: number;
}

/** Keeps what waits for a second person; every step is one conditional statement, so it happens once. */
@Injectable()
export class ApprovalStore {
  constructor(private readonly database: Database) {}

  /** @returns its id; undefined when the payment has changed since it was judged */
  async propose(proposal: Proposal): Promise<string | undefined> {
    const { action, payment, targets, effect, by, reason, validMs } = proposal;
    const [row] = await this.database.run<{ approval_id: string }>(sql.PROPOSE_APPROVAL, [
      randomUUID(),
      action,
      payment?.paymentId ?? null,
      payment?.updatedAt ?? null,
      targets,
      effect,
      by.actor,
      by.name,
      by.subject ?? null,
      reason,
      validMs,
    ]);
    return row?.approval_id;
  }

  /** True for exactly one caller, and for none once it has expired or its payment has moved. */
  async decide(
    approvalId: string,
    decision: 'APPROVED' | 'REJECTED',
    { actor, name, subject }: Person,
    reason: string,
  ): Promise<boolean> {
    const values = [approvalId, decision, actor, name, subject ?? null, reason];
    return (await this.database.run(sql.DECIDE_APPROVAL, values)).length > 0;
  }

  async end(approvalId: string, why?: string): Promise<void> {
    await this.database.run(sql.END_APPROVAL, [
      approvalId,
      why === undefined ? 'DONE' : 'NOT_DONE',
      why ?? null,
    ]);
  }

  async find(approvalId: string): Promise<Approval | undefined> {
    const [row] = await this.database.run<Row>(sql.ONE_APPROVAL, [approvalId]);
    return row && toApproval(row);
  }

  async list({ paymentId, onlyOpen, limit }: ApprovalFilter): Promise<Approval[]> {
    const statement = paymentId === undefined ? sql.APPROVALS : sql.APPROVALS_OF_PAYMENT;
    return (await this.database.run<Row>(statement, [paymentId ?? null, onlyOpen, limit])).map(toApproval);
  }
}

type Row = RowOf<ApprovalEntity> & { readonly status_now: ApprovalStatus };

function toApproval(row: Row): Approval {
  return present<Approval>({
    approvalId: row.approval_id,
    action: row.action,
    paymentId: row.payment_id,
    targets: row.targets,
    effect: row.effect,
    status: row.status_now,
    proposer: present<Person>({
      actor: row.proposed_by,
      name: row.proposer_name,
      subject: row.proposer_person,
    }),
    proposedAt: row.proposed_at,
    reason: row.reason,
    expiresAt: row.expires_at,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
    decisionReason: row.decision_reason,
    endedAt: row.ended_at,
    why: row.why,
  });
}
