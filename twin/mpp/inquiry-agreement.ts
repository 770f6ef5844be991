import type { OrderRecord } from '../books/order.js';
import { canonical, textAt, type JsonObject } from '../wire/json.js';

/**
 * The fields in which an inquiry answer and the acknowledged notification disagree, or null. One difference is allowed:
 * an order that was paid and then cancelled is answered with F ORDER_IS_CLOSED.
 */
export function disagreement(order: OrderRecord, answer: JsonObject): string | null {
  if (order.acknowledgedResult === null || order.firstAccepted === null) return null;
  const resultStatus = textAt(answer, 'paymentResult', 'resultStatus');
  const resultCode = textAt(answer, 'paymentResult', 'resultCode');
  if (order.cancels.total > 0 && resultStatus === 'F' && resultCode === 'ORDER_IS_CLOSED') return null;
  if (resultStatus !== order.acknowledgedResult) {
    return `notified ${order.acknowledgedResult}, inquiry says ${resultStatus ?? 'nothing'} ${resultCode ?? ''}`;
  }
  const notified = order.firstAccepted;
  const field = ['paymentId', 'paymentAmount', 'payToAmount', 'customerId'].find((name) =>
    isContradicted(notified[name] ?? null, answer[name] ?? null),
  );
  return field === undefined ? null : `${field} differs between notification and inquiry`;
}

/** Either message may leave a field out; only two different values contradict each other. */
function isContradicted(notified: unknown, inquired: unknown): boolean {
  return notified !== null && inquired !== null && canonical(notified) !== canonical(inquired);
}
