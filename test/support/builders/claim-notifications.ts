import type { ClaimedNotification } from '../../../src/payment-order/notification/notification.store.js';
import type { Claim, ClaimRequest } from '../../../src/platform/delivery/due-claimer.js';
import type { OpenedStores } from './opened-stores.js';

const WITHOUT_LIMIT: ClaimRequest = {
  leaseMs: 10_000,
  slots: 10_000,
  reserve: 0,
  usualRoom: { all: 10_000, backlog: 10_000 },
  rooms: new Map(),
};

/** Claims all due notifications, as a worker with enough free slots does. */
export function claimNotifications(
  stores: OpenedStores,
  wish: Partial<ClaimRequest> = {},
): Promise<Claim<ClaimedNotification>> {
  return stores.notifications.claim({ ...WITHOUT_LIMIT, ...wish });
}

/** Claims all due notifications, and returns whether this one was among them. */
export async function claimedNotification(
  stores: OpenedStores,
  paymentId: string,
  wish: Partial<ClaimRequest> = {},
): Promise<ClaimedNotification | undefined> {
  const { claimed } = await claimNotifications(stores, wish);
  return claimed.find((notification) => notification.paymentId === paymentId);
}
