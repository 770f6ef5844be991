import type { JsonObject } from '../wire/json.js';
import type { Books } from './books.js';
import type { OrderStatus } from './order.js';

/** The books in numbers, and every defect that the twin found in the messages of the MPP. */
export function summaryOf(books: Books): JsonObject {
  const orders: Record<OrderStatus, number> = { NOT_ISSUED: 0, DECODED: 0, PAID: 0, FAILED: 0, CANCELLED: 0 };
  const sums = { notifications: 0, cancels: 0, inquiries: 0, acknowledgedS: 0, acknowledgedF: 0 };
  for (const order of books.orders) {
    orders[order.status] += 1;
    sums.notifications += order.notifications.total;
    sums.cancels += order.cancels.total;
    sums.inquiries += order.inquiries.total;
    if (order.acknowledgedResult === 'S') sums.acknowledgedS += 1;
    if (order.acknowledgedResult === 'F') sums.acknowledgedF += 1;
  }
  const codes = [...books.codes];
  return {
    codes: codes.length,
    userInitiatedPayCalls: codes.reduce((sum, code) => sum + code.calls, 0),
    orders,
    ...sums,
    defectCount: books.defects.total,
    defects: books.defects.kept,
  };
}
