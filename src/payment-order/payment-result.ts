import type { PaymentResult } from './payment-order.js';

/** Fixed words: they take part in Alipay+'s comparison of a repeated notification. */
export const PAID: PaymentResult = {
  resultStatus: 'S',
  resultCode: 'SUCCESS',
  resultMessage: 'success',
};

/** An order that ended unpaid because it was declined, ran out of time or was cancelled. */
export function closed(why: 'DECLINED' | 'EXPIRED' | 'CANCELLED'): PaymentResult {
  const messages = {
    DECLINED: 'the payer declined',
    EXPIRED: 'expired without payment',
    CANCELLED: 'order has been cancelled',
  };
  return { resultStatus: 'F', resultCode: 'ORDER_IS_CLOSED', resultMessage: messages[why] };
}
