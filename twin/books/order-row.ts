import type { JsonObject } from '../wire/json.js';
import type { CodeRecord, OrderRecord, OrderTerms } from './order.js';

/** An order as /_twin/orders shows it. */
export function orderRow(order: OrderRecord): JsonObject {
  const { codes } = order;
  return {
    codeValue: codes[0]?.codeValue ?? null,
    codeValues: codes.map((code) => code.codeValue),
    customerId: codes[0]?.customerId ?? null,
    paymentRequestId: order.paymentRequestId,
    status: order.status,
    ...(order.terms === null ? {} : termsRow(order.terms)),
    calls: codes.reduce((sum, code) => sum + code.calls, 0),
    maxInFlight: Math.max(0, ...codes.map((code) => code.maxInFlight)),
    lastResult: codes.at(-1)?.lastResult ?? null,
    acknowledged: order.acknowledgedResult !== null,
    acknowledgedResult: order.acknowledgedResult,
    notificationCount: order.notifications.total,
    notifications: order.notifications.kept,
    cancelWanted: order.isCancelWanted,
    cancelCount: order.cancels.total,
    cancels: order.cancels.kept,
    refundCount: order.refundBook.size,
    refunds: [...order.refundBook].map(([refundRequestId, { fields, result }]) => ({
      ...fields,
      refundRequestId,
      result,
    })),
    refundCalls: order.refunds.kept,
    inquiryCount: order.inquiries.total,
    inquiries: order.inquiries.kept,
  };
}

function termsRow(terms: OrderTerms): JsonObject {
  return {
    createdAt: new Date(terms.createdAtMs).toISOString(),
    paymentExpiryTime: terms.paymentExpiryTime,
    orderAmount: terms.orderAmount,
    paymentAmount: terms.paymentAmount,
    payToAmount: terms.payToAmount,
    paymentQuote: terms.paymentQuote ?? null,
    surchargeInfo: terms.surchargeInfo ?? null,
  };
}

/** A code that was decoded without an order: only U or F so far. */
export function codeRow(code: CodeRecord): JsonObject {
  return {
    codeValue: code.codeValue,
    codeValues: [code.codeValue],
    customerId: code.customerId,
    paymentRequestId: null,
    status: code.lastResult.startsWith('F.') ? 'REJECTED' : 'UNKNOWN',
    calls: code.calls,
    maxInFlight: code.maxInFlight,
    lastResult: code.lastResult,
    acknowledged: false,
    acknowledgedResult: null,
    notificationCount: 0,
    notifications: [],
    cancelWanted: false,
    cancelCount: 0,
    cancels: [],
    refundCount: 0,
    refunds: [],
    refundCalls: [],
    inquiryCount: 0,
    inquiries: [],
  };
}
