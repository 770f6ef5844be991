import type { ApprovalDto } from '../../src/operations/approvals/approval.dto.js';
import { at, one, PAID, type Examples } from './example-payments.js';

const text = (seconds: number): string => at(seconds).toISOString();

const asked: ApprovalDto = {
  approvalId: '01a22cd0-5b1c-7d40-8f6e-2a91c3e4b7d5',
  action: 'close',
  paymentId: PAID.paymentId,
  count: 0,
  targets: [],
  effect: 'the payment would be closed',
  status: 'PROPOSED',
  proposedBy: 'operator:desk/ann',
  proposedAt: text(3_600),
  reason: 'Alipay+ asked for it, ticket 4711',
  expiresAt: text(7_200),
};
const decided = {
  decidedBy: 'operator:desk/bob',
  decidedAt: text(3_660),
  decisionReason: 'seen, ticket 4711',
};
const approved: ApprovalDto = { ...asked, ...decided, status: 'DONE', endedAt: text(3_661) };
const rejected: ApprovalDto = { ...asked, ...decided, status: 'REJECTED' };
/** The answer of every call that waits for a second person. */
export const PROPOSED = one('proposed', 'A second person is needed', asked);

export const APPROVAL_ANSWERS: Readonly<Record<string, Readonly<Record<string, Examples>>>> = {
  listApprovals: { 200: one('open', 'One waits', { approvals: [asked] }) },
  readApproval: { 200: one('open', 'It waits', asked) },
  approve: { 200: one('done', 'Approved, and done', approved) },
  reject: { 200: one('rejected', 'Rejected', rejected) },
};
