import type { CheckResult } from './check.js';
import type { CertificationReport } from './run-certification.js';

/** The head of the sheet, before the first check. */
export function openingText(url: string, customerId: string | undefined, currency: string): string {
  const customer =
    customerId === undefined
      ? 'no --customer: most checks are skipped'
      : `customer ${customerId}, ${currency}`;
  return `Wallet ledger at ${url}, ${customer}. The contract: docs/wallet-ledger.md\n`;
}

export function checkText(result: CheckResult, number: number): string {
  const { id, title, protects, expected, status, found, unproven } = result;
  return [
    `${String(number).padStart(2)}  ${status.toUpperCase().padEnd(7)}  ${id}: ${title}`,
    `             expected  ${expected}`,
    `             ${status === 'skipped' ? 'skipped ' : 'found   '}  ${found}`,
    `             protects  "${protects}"`,
    ...unproven.map((note) => `             unproven  ${note}`),
    '',
  ].join('\n');
}

export function closingText(report: CertificationReport): string {
  const { checks, passed, failed, skipped, calls, slowestMs, timeoutMs, unproven } = report;
  const failures = checks.filter(({ status }) => status === 'failed');
  return [
    'Not proven:',
    ...unproven.map((note) => `  - ${note}`),
    '',
    ...failures.map(({ id, found }) => `FAILED  ${id}: ${found}`),
    ...(failures.length === 0 ? [] : ['']),
    `${checks.length} checks: ${passed} passed, ${failed} failed, ${skipped} skipped; ` +
      `${calls} calls, the slowest took ${slowestMs} ms (limit ${timeoutMs} ms). ${verdict(report)}`,
  ].join('\n');
}

function verdict({ failed, skipped }: CertificationReport): string {
  if (failed > 0) return 'This ledger does not keep the contract.';
  if (skipped > 0) return 'Nothing failed, but not everything was tried.';
  return 'This ledger keeps the contract.';
}
