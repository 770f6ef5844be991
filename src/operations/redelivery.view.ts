import type { BulkReport } from './bulk-redelivery.js';

/** A bulk redelivery as it is told to operators, over HTTP and on the command line. */
export function bulkView({ dryRun, found, hasMore, requested }: BulkReport): Record<string, unknown> {
  return {
    dryRun,
    found: found.length,
    hasMore,
    requested: requested.length,
    payments: found.map(({ paymentId, status, host, tries, lastOutcome, createdAt }) => ({
      paymentId,
      notificationStatus: status,
      host,
      tries,
      lastOutcome,
      finalSince: createdAt.toISOString(),
    })),
  };
}
