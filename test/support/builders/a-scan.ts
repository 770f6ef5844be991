import { createHash, randomUUID } from 'node:crypto';
import type { ExchangeEvidence } from '../../../src/payment-order/evidence/exchange-evidence.js';
import type { NewScan, Scan } from '../../../src/payment-order/scan/scan.js';
import type { OpenedStores } from './opened-stores.js';

/** The evidence of one call, as the decode step writes it. */
export function evidence(change: Partial<ExchangeEvidence> = {}): ExchangeEvidence {
  return {
    outcome: 'accepted',
    resultCode: 'SUCCESS',
    httpStatus: 200,
    durationMs: 12.4,
    requestTime: '2026-03-01T12:00:00+08:00',
    keyVersion: '1',
    answer: Buffer.from('{"result":{}}'),
    ...change,
  };
}

/** A scan that has not begun, of a new code. */
export function aNewScan(change: Partial<NewScan> & { readonly codeValue?: string } = {}): NewScan {
  const { codeValue = `code-${randomUUID()}`, ...fields } = change;
  return {
    scanId: randomUUID(),
    customerId: `payer-${randomUUID().slice(0, 8)}`,
    codeHash: createHash('sha256').update(codeValue).digest(),
    requestBody: Buffer.from(JSON.stringify({ codeValue })),
    windowMs: 60_000,
    leaseMs: 10_000,
    ...fields,
  };
}

/** A scan that waits for its decode. */
export async function aPendingScan(
  stores: OpenedStores,
  change: Parameters<typeof aNewScan>[0] = {},
): Promise<Scan> {
  const begun = await stores.scans.begin(aNewScan(change));
  if (begun.outcome !== 'begun') throw new Error('another scan stands for this code');
  return begun.scan;
}
