import type { Claim, ClaimWish } from '../payment-order/notification/notification.store.js';

/**
 * Whether a claim may have left something behind that is due: only where it came to one of its limits, the slots or the
 * room of a host. Otherwise it took all there was, and asking again before somebody says so would find nothing.
 */
export function mayHaveLeftSome(
  { slots, reserve, usualRoom, rooms }: Pick<ClaimWish, 'slots' | 'reserve' | 'usualRoom' | 'rooms'>,
  { claimed, missed }: Pick<Claim, 'missed'> & { readonly claimed: readonly { readonly host: string }[] },
): boolean {
  // Another worker took what was missed, and of which hosts that was is not told.
  if (missed > 0 || claimed.length >= slots - reserve || usualRoom.backlog === 0) return true;
  const counts = new Map([...rooms.keys()].map((host) => [host, 0]));
  for (const { host } of claimed) counts.set(host, (counts.get(host) ?? 0) + 1);
  // A backlog has the smaller room, and whether these were one is not asked.
  return [...counts].some(([host, count]) => count >= (rooms.get(host) ?? usualRoom).backlog);
}
