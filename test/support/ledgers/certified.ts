import { randomUUID } from 'node:crypto';
import type { CheckResult } from '../../../scripts/certify-ledger/check.js';
import type { Certification } from '../../../scripts/certify-ledger/ledger-under-test.js';
import { certify, type CertificationReport } from '../../../scripts/certify-ledger/run-certification.js';
import type { MemoryLedgerServer } from './memory-ledger-server.js';

export const SECRET = randomUUID();
/** More than a busy machine needs. */
const TIMEOUT_MS = 7000;

export const MEMORY_CUSTOMERS = { customerId: 'rich', poorId: 'poor', blockedId: 'blocked' };

/** Certifies a ledger of this process, once or again, and ends it. */
export async function certified(
  server: MemoryLedgerServer,
  change: Partial<Certification> = MEMORY_CUSTOMERS,
): Promise<CertificationReport> {
  const url = await server.listen();
  const certification = { url, secret: Buffer.from(SECRET), timeoutMs: TIMEOUT_MS, currency: 'HKD' };
  try {
    return await certify({ ...certification, ...change });
  } finally {
    await server.close();
  }
}

export const failedIn = (report: CertificationReport): string[] => idsOf(report, 'failed');
export const skippedIn = (report: CertificationReport): string[] => idsOf(report, 'skipped');

function idsOf({ checks }: CertificationReport, wanted: CheckResult['status']): string[] {
  return checks.filter(({ status }) => status === wanted).map(({ id }) => id);
}
