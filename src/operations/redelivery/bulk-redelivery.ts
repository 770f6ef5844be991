import type { NotificationStatus } from '../../payment-order/order/payment-status.js';
import type {
  RedeliveryStore,
  RequestedRedelivery,
  UndeliveredNotification,
} from '../../payment-order/notification/redelivery.store.js';
import { answerOf } from '../../platform/present.js';
import {
  MOST_REDELIVERIES,
  USUAL_CAP,
  type BulkRedeliveryDto,
  type Redeliverable,
  type UndeliveredDto,
} from './redelivery.dto.js';

export interface BulkRequest {
  readonly since: string;
  readonly until?: string;
  readonly host?: string;
  readonly status?: Redeliverable;
  readonly cap?: number;
  readonly dryRun: boolean;
  readonly actor: string;
  readonly reason: string;
}

export interface BulkReport {
  readonly dryRun: boolean;
  readonly found: readonly UndeliveredNotification[];
  /** There are more than the cap; the same call again takes the next ones. */
  readonly hasMore: boolean;
  readonly requested: readonly RequestedRedelivery[];
}

const STATUSES: Readonly<Record<Redeliverable, readonly NotificationStatus[]>> = {
  PARKED: ['PARKED'],
  REJECTED: ['REJECTED'],
  ALL: ['PARKED', 'REJECTED'],
};

/** Requests redelivery of everything unacknowledged in a time range, oldest first; a dry run only reads. */
export async function redeliverMany(store: RedeliveryStore, request: BulkRequest): Promise<BulkReport> {
  const cap = Math.min(request.cap ?? USUAL_CAP, MOST_REDELIVERIES);
  const rows = await store.undelivered({
    statuses: STATUSES[request.status ?? 'PARKED'],
    since: new Date(request.since).toISOString(),
    ...(request.until === undefined ? {} : { until: new Date(request.until).toISOString() }),
    ...(request.host === undefined ? {} : { host: request.host }),
    limit: cap + 1,
  });
  const found = rows.slice(0, cap);
  const { actor, reason } = request;
  const paymentIds = found.map(({ paymentId }) => paymentId);
  const requested =
    request.dryRun || found.length === 0 ? [] : await store.request({ paymentIds, actor, reason });
  return { dryRun: request.dryRun, found, hasMore: rows.length > cap, requested };
}

/** A bulk redelivery as operators see it, over HTTP and on the command line. */
export function bulkView({ dryRun, found, hasMore, requested }: BulkReport): BulkRedeliveryDto {
  return {
    dryRun,
    found: found.length,
    hasMore,
    requested: requested.length,
    payments: found.map(({ paymentId, status, host, tries, lastOutcome, createdAt }) =>
      answerOf<UndeliveredDto>({
        paymentId,
        notificationStatus: status,
        host,
        tries,
        lastOutcome,
        finalSince: createdAt.toISOString(),
      }),
    ),
  };
}
