import { inWords } from './answer-words.js';
import { ALL_CHECKS, BEYOND_PROOF } from './all-checks.js';
import { CheckFailure } from './check-failure.js';
import { CheckSkipped } from './check-skipped.js';
import type { Check, CheckResult } from './check.js';
import { slowestOf } from './checks/wire-checks.js';
import { Examination } from './examination.js';
import { LedgerUnderTest, type Certification } from './ledger-under-test.js';
import { aThrowawayDebit, type Purse } from './purse.js';

export interface CertificationReport {
  readonly url: string;
  readonly customerId: string | null;
  readonly currency: string;
  readonly checks: readonly CheckResult[];
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly calls: number;
  readonly slowestMs: number;
  readonly timeoutMs: number;
  /** Promises that were not proven, here or by any such kit. */
  readonly unproven: readonly string[];
}

/** No check could run: no server answers at the address, or the customer has no money. */
export class CannotCertify extends Error {}

const NOBODY_THERE = new Set(['connection_refused', 'dns_error', 'tls_error']);
const LEAST_BALANCE = 1000n;

export async function certify(
  certification: Certification,
  onResult: (result: CheckResult, index: number) => void = () => undefined,
  chosen: readonly Check[] = ALL_CHECKS,
): Promise<CertificationReport> {
  const ledger = new LedgerUnderTest(certification);
  try {
    await assureReachable(ledger);
    if (ledger.payer !== undefined) await assureMoney(ledger, ledger.payer);
    const checks: CheckResult[] = [];
    for (const check of chosen) {
      const result = await resultOf(check, ledger);
      checks.push(result);
      onResult(result, checks.length);
    }
    return report(certification, checks, ledger);
  } finally {
    ledger.client.close();
  }
}

async function assureReachable({ client }: LedgerUnderTest): Promise<void> {
  const { answer } = await client.lookupOnce('certification');
  if (answer.outcome === 'unknown' && NOBODY_THERE.has(answer.reason))
    throw new CannotCertify(`nobody answers at ${client.address.url}: ${answer.reason}`);
}

/** Only a plain refusal ends it here; the checks name an answer that breaks the contract. */
async function assureMoney({ client }: LedgerUnderTest, payer: Purse): Promise<void> {
  const { customerId, currency } = payer;
  const debit = aThrowawayDebit({ customerId, amount: { currency, value: 1n } });
  const answer = await client.debit(debit);
  if (answer.outcome === 'refused')
    throw new CannotCertify(`${customerId} cannot be debited 1 ${currency} minor unit: ${inWords(answer)}`);
  if (answer.outcome === 'unknown') {
    payer.unmeasurable = `a debit was answered ${inWords(answer)}`;
    return;
  }
  await client.reverse(debit.key);
  const balance = await payer.balance();
  if (balance !== undefined && balance < LEAST_BALANCE)
    throw new CannotCertify(
      `${customerId} has ${balance} ${currency} minor units; the checks need at least ${LEAST_BALANCE}`,
    );
}

async function resultOf(check: Check, ledger: LedgerUnderTest): Promise<CheckResult> {
  const { id, title, protects, expected } = check;
  const at = new Examination(ledger);
  const told = (status: CheckResult['status'], found: string): CheckResult => ({
    id,
    title,
    protects,
    expected,
    status,
    found,
    unproven: at.unproven,
  });
  const missing = missingFor(check, ledger);
  if (missing !== undefined) return told('skipped', missing);
  try {
    return told('passed', await check.examine(at));
  } catch (error) {
    if (error instanceof CheckFailure) return told('failed', error.message);
    if (error instanceof CheckSkipped) return told('skipped', error.message);
    throw error;
  } finally {
    await at.giveBack();
  }
}

function missingFor(
  { needs }: Check,
  { payer, blockedId, checksSignatures }: LedgerUnderTest,
): string | undefined {
  if (needs === 'customer' && payer === undefined) return 'needs --customer';
  if (needs === 'blocked' && blockedId === undefined) return 'needs --blocked';
  if (needs === 'signatures' && !checksSignatures) return 'needs a ledger that looks at signatures';
  return undefined;
}

function report(
  { url, customerId, currency, timeoutMs }: Certification,
  checks: readonly CheckResult[],
  { client: { exchanges } }: LedgerUnderTest,
): CertificationReport {
  const count = (status: CheckResult['status']) => checks.filter((check) => check.status === status).length;

  return {
    url,
    customerId: customerId ?? null,
    currency,
    checks,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    calls: exchanges.length,
    slowestMs: Math.ceil(slowestOf(exchanges).durationMs),
    timeoutMs,
    unproven: [...unprovenHere(checks), ...BEYOND_PROOF],
  };
}

/** Each reason once, with its checks. */
function unprovenHere(checks: readonly CheckResult[]): string[] {
  const concerned = new Map<string, string[]>();
  for (const { id, status, found, unproven } of checks) {
    const notes =
      status === 'skipped' ? [`whatever the skipped checks would have shown: it ${found}`] : unproven;
    for (const note of notes) concerned.set(note, [...(concerned.get(note) ?? []), id]);
  }
  return [...concerned].map(([note, ids]) => `${note} (${ids.join(', ')})`);
}
