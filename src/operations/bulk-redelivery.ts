import type { NotificationStatus } from '../payment-order/order/payment-status.js';
import type {
  RedeliveryStore,
  RequestedRedelivery,
  UndeliveredNotification,
} from '../payment-order/notification/redelivery.store.js';

export const REDELIVERABLE = ['PARKED', 'REJECTED', 'ALL'] as const;
export type Redeliverable = (typeof REDELIVERABLE)[number];

export const MOST_REDELIVERIES = 1_000;
export const USUAL_CAP = 100;

/** A time that means the same everywhere. */
export const INSTANT =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

export interface BulkWish {
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

/** Asks for everything that nobody acknowledged in a span of time again, oldest first; a dry run only looks. */
export async function redeliverMany(store: RedeliveryStore, wish: BulkWish): Promise<BulkReport> {
  const cap = Math.min(wish.cap ?? USUAL_CAP, MOST_REDELIVERIES);
  const rows = await store.undelivered({
    statuses: STATUSES[wish.status ?? 'PARKED'],
    since: new Date(wish.since).toISOString(),
    ...(wish.until === undefined ? {} : { until: new Date(wish.until).toISOString() }),
    ...(wish.host === undefined ? {} : { host: wish.host }),
    limit: cap + 1,
  });
  const found = rows.slice(0, cap);
  const { actor, reason } = wish;
  const paymentIds = found.map(({ paymentId }) => paymentId);
  const requested =
    wish.dryRun || found.length === 0 ? [] : await store.request({ paymentIds, actor, reason });
  return { dryRun: wish.dryRun, found, hasMore: rows.length > cap, requested };
}
