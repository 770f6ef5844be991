import type { NotificationStatus } from '../../payment-order/order/payment-status.js';
import type {
  RedeliveryStore,
  UndeliveredNotification,
} from '../../payment-order/notification/redelivery.store.js';
import { answerOf } from '../../platform/present.js';
import { capOf } from '../bulk-fields.js';
import type { BulkRedeliveryDto, Redeliverable, UndeliveredDto } from './redelivery.dto.js';

export interface BulkQuery {
  readonly since: string;
  readonly until?: string;
  readonly host?: string;
  readonly status?: Redeliverable;
  readonly cap?: number;
}

export interface BulkRequest extends BulkQuery {
  readonly dryRun: boolean;
  readonly actor: string;
  readonly reason: string;
}

interface BulkFound {
  readonly found: readonly UndeliveredNotification[];
  /** There are more than the cap; repeating the call takes the next ones. */
  readonly hasMore: boolean;
}

export interface BulkReport extends BulkFound {
  readonly dryRun: boolean;
  /** So many are resent only when a second person approves it. */
  readonly needsApproval: boolean;
  /** How many are due now. */
  readonly requested: number;
}

const STATUSES: Readonly<Record<Redeliverable, readonly NotificationStatus[]>> = {
  PARKED: ['PARKED'],
  REJECTED: ['REJECTED'],
  ALL: ['PARKED', 'REJECTED'],
};

/** Finds all unacknowledged results of a time range, oldest first. */
export async function findRedeliveries(store: RedeliveryStore, request: BulkQuery): Promise<BulkFound> {
  const cap = capOf(request);
  const rows = await store.undelivered({
    statuses: STATUSES[request.status ?? 'PARKED'],
    since: new Date(request.since).toISOString(),
    ...(request.until === undefined ? {} : { until: new Date(request.until).toISOString() }),
    ...(request.host === undefined ? {} : { host: request.host }),
    limit: cap + 1,
  });
  return { found: rows.slice(0, cap), hasMore: rows.length > cap };
}

/** Requests redelivery of all of them; a dry run only reads. For the command line, which needs no second person. */
export async function redeliverMany(store: RedeliveryStore, request: BulkRequest): Promise<BulkReport> {
  const { found, hasMore } = await findRedeliveries(store, request);
  const { dryRun, actor, reason } = request;
  const paymentIds = found.map(({ paymentId }) => paymentId);
  const requested = dryRun || found.length === 0 ? [] : await store.request({ paymentIds, actor, reason });
  return { dryRun, needsApproval: false, found, hasMore, requested: requested.length };
}

/** The answer of a bulk redelivery, over HTTP and on the command line. */
export function bulkView({
  dryRun,
  needsApproval,
  found,
  hasMore,
  requested,
}: BulkReport): BulkRedeliveryDto {
  return {
    dryRun,
    needsApproval,
    found: found.length,
    hasMore,
    requested,
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
