import type { PaymentStanding, ResultToWrite } from '../alipay-plus/messages/inbound-messages.js';
import type { Standing } from '../payment-order/cancel/inquiry.store.js';
import type { PaymentOrder } from '../payment-order/order/payment-order.js';

const ANSWERED: ResultToWrite = { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' };
const IN_PROCESS: ResultToWrite = {
  resultStatus: 'U',
  resultCode: 'PAYMENT_IN_PROCESS',
  resultMessage: 'payment in process',
};
/** Said of the question, not of the payment: nobody knows yet whether there is one. */
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

/** What inquiryPayment is answered (protocol notes 3.1): `result` says that we looked, `paymentResult` what we saw. */
export function standingAnswer(standing: Standing): PaymentStanding {
  if (standing.known === 'nothing') {
    return {
      result: { resultStatus: 'F', resultCode: 'ORDER_NOT_EXIST', resultMessage: 'order does not exist' },
    };
  }
  if (standing.known === 'to the ledger') return { result: TRY_AGAIN };
  if (standing.known === 'cancelled') return { result: ANSWERED, paymentResult: CLOSED };
  return orderAnswer(standing.order);
}

function orderAnswer(order: PaymentOrder): PaymentStanding {
  const { result } = order;
  // Not final, or final a moment ago and cancelled since: only a final result is ever told as one.
  if (!result) return { result: ANSWERED, paymentResult: IN_PROCESS };
  if (result.resultStatus === 'F') return { result: ANSWERED, paymentResult: result };
  return {
    result: ANSWERED,
    paymentResult: result,
    paymentId: order.paymentId,
    paymentTime: order.paymentTime,
    paymentAmount: order.paymentAmount,
    payToAmount: order.payToAmount,
    customerId: order.customerId,
  };
}
