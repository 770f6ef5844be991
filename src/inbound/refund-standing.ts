import type { ResultToWrite } from '../alipay-plus/messages/inbound-messages.js';
import type { RefundStanding } from '../alipay-plus/messages/refund-messages.js';
import type { Refund } from '../payment-order/refund/refund.js';

const SUCCESS: ResultToWrite = { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' };
/** Alipay+ repeats the request, and is told the end of the same refund then. */
const UNKNOWN: ResultToWrite = {
  resultStatus: 'U',
  resultCode: 'UNKNOWN_EXCEPTION',
  resultMessage: 'refund in process',
};

/** What a refund is answered: S only when the ledger has said that the money is back. */
export function refundResult({ status, refusal }: Refund): ResultToWrite {
  if (status === 'REFUNDED') return SUCCESS;
  return status === 'REFUSED' && refusal ? { resultStatus: 'F', ...refusal } : UNKNOWN;
}

/**
 * What inquiryRefund is answered: `result` says that we looked, `refundResult` what we saw. One that may be among lost
 * records is found again when Alipay+ repeats its request.
 */
export function refundStanding(refund: Refund | 'lost' | undefined): RefundStanding {
  if (refund === 'lost') return { result: UNKNOWN };
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
