import { randomUUID } from 'node:crypto';
import type { Check, CheckResult } from '../../../scripts/certify-ledger/check.js';
import type { Certification } from '../../../scripts/certify-ledger/ledger-under-test.js';
import { certify, type CertificationReport } from '../../../scripts/certify-ledger/run-certification.js';
import { TIMEOUT_MS } from './broken-ledgers.js';
import type { MemoryLedgerServer } from './memory-ledger-server.js';

export const SECRET = randomUUID();

export const MEMORY_CUSTOMERS = { customerId: 'rich', poorId: 'poor', blockedId: 'blocked' };

/** Certifies a ledger of this process, with some checks or all, and stops it. */
export async function certified(
  server: MemoryLedgerServer,
  change: Partial<Certification> = MEMORY_CUSTOMERS,
  checks?: readonly Check[],
): Promise<CertificationReport> {
  const url = await server.listen();
  const certification = { url, secret: Buffer.from(SECRET), timeoutMs: TIMEOUT_MS, currency: 'HKD' };
  try {
    return await certify({ ...certification, ...change }, () => undefined, checks);
  } finally {
    await server.close();
  }
}

export const failedIn = (report: CertificationReport): string[] => idsOf(report, 'failed');
export const skippedIn = (report: CertificationReport): string[] => idsOf(report, 'skipped');

function idsOf({ checks }: CertificationReport, wanted: CheckResult['status']): string[] {
  return checks.filter(({ status }) => status === wanted).map(({ id }) => id);
}
