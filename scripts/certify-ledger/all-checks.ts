import type { Check } from './check.js';
import { CONTENT_CHECKS } from './checks/content-checks.js';
import { DEBIT_CHECKS } from './checks/debit-checks.js';
import { LIST_CHECKS } from './checks/list-checks.js';
import { LOOKUP_CHECKS } from './checks/lookup-checks.js';
import { REFUSAL_CHECKS } from './checks/refusal-checks.js';
import { REFUND_CHECKS } from './checks/refund-checks.js';
import { REVERSAL_CHECKS } from './checks/reversal-checks.js';
import { SIGNATURE_CHECKS } from './checks/signature-checks.js';
import { WIRE_CHECKS } from './checks/wire-checks.js';

/** In the order of execution; the last ones check all answers so far. */
export const ALL_CHECKS: readonly Check[] = [
  ...DEBIT_CHECKS,
  ...CONTENT_CHECKS,
  ...REFUSAL_CHECKS,
  ...LOOKUP_CHECKS,
  ...REVERSAL_CHECKS,
  ...REFUND_CHECKS,
  ...LIST_CHECKS,
  ...SIGNATURE_CHECKS,
  ...WIRE_CHECKS,
];

/** Promises that no call can prove from outside. */
export const BEYOND_PROOF: readonly string[] = [
  'that answers survive a restart, a failover or a restored backup of the ledger, and last for ever',
  'where the money went: only what the payer may still spend was measured, not your own accounts',
  'that notAfter is read after the wait for the lock, and that exactly at notAfter is still in time',
  'that a reversal works for a customer who was blocked after the debit',
  'LIMIT_EXCEEDED, RISK_REJECTED and CURRENCY_NOT_SUPPORTED: no customer is known to meet them',
  'that signatures are compared in constant time',
];
