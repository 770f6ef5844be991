import type { PaymentStanding, ResultToWrite } from '../alipay-plus/messages/inbound-messages.js';
import type { Standing } from '../payment-order/cancel/inquiry.store.js';
import type { PaymentOrder } from '../payment-order/order/payment-order.js';
import type { RefundStanding } from '../alipay-plus/messages/refund-messages.js';
import type { Refund } from '../payment-order/refund/refund.js';

export const SUCCESS: ResultToWrite = { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' };
export const IN_PROCESS: ResultToWrite = {
  resultStatus: 'U',
  resultCode: 'PAYMENT_IN_PROCESS',
  resultMessage: 'payment in process',
};
/** About the call, not about the payment: it is not known yet whether there is one. */
export const TRY_AGAIN: ResultToWrite = {
  resultStatus: 'U',
  resultCode: 'UNKNOWN_EXCEPTION',
  resultMessage: 'try again',
};
const CLOSED: ResultToWrite = {
  resultStatus: 'F',
  resultCode: 'ORDER_IS_CLOSED',
  resultMessage: 'order has been cancelled',
};

/** The answer to inquiryPayment (docs/protocol.md): `result` is about the call, `paymentResult` about the payment. */
export function standingAnswer(standing: Standing): PaymentStanding {
  if (standing.known === 'nothing') {
    return {
      result: { resultStatus: 'F', resultCode: 'ORDER_NOT_EXIST', resultMessage: 'order does not exist' },
    };
  }
  if (standing.known === 'to the ledger') return { result: TRY_AGAIN };
  if (standing.known === 'cancelled') return { result: SUCCESS, paymentResult: CLOSED };
  return orderAnswer(standing.order);
}

function orderAnswer(order: PaymentOrder): PaymentStanding {
  const { result } = order;
  // Not final, or final a moment ago and cancelled since: only a final result is answered as one.
  if (!result) return { result: SUCCESS, paymentResult: IN_PROCESS };
  if (result.resultStatus === 'F') return { result: SUCCESS, paymentResult: result };
  return {
    result: SUCCESS,
    paymentResult: result,
    paymentId: order.paymentId,
    paymentTime: order.paymentTime,
    paymentAmount: order.paymentAmount,
    payToAmount: order.payToAmount,
    customerId: order.customerId,
  };
}

/** Alipay+ repeats the request, and then gets the end of the same refund. */
const REFUND_IN_PROCESS: ResultToWrite = {
  resultStatus: 'U',
  resultCode: 'UNKNOWN_EXCEPTION',
  resultMessage: 'refund in process',
};

/** The answer to a refund: S only when the ledger has said that the money is back. */
export function refundResult({ status, refusal }: Refund): ResultToWrite {
  if (status === 'REFUNDED') return SUCCESS;
  return status === 'REFUSED' && refusal ? { resultStatus: 'F', ...refusal } : REFUND_IN_PROCESS;
}

/**
 * The answer to inquiryRefund: `result` is about the call, `refundResult` about the refund. A refund that may be among
 * lost records is found again when Alipay+ repeats its request.
 */
export function refundStanding(refund: Refund | 'lost' | undefined): RefundStanding {
  if (refund === 'lost') return { result: REFUND_IN_PROCESS };
  if (!refund) {
    return {
      result: { resultStatus: 'F', resultCode: 'ORDER_NOT_EXIST', resultMessage: 'refund does not exist' },
    };
  }
  const answer: RefundStanding = { result: SUCCESS, refundResult: refundResult(refund) };
  if (refund.status !== 'REFUNDED') return answer;
  const { refundId, refundTime, refundAmount, refundFromAmount } = refund;
  return { ...answer, refundId, refundTime, refundAmount, refundFromAmount };
}
