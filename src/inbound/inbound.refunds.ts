import { Injectable } from '@nestjs/common';
import type { ResultToWrite } from '../alipay-plus/messages/inbound-messages.js';
import {
  readInquiryRefund,
  readRefund,
  writeInquiryRefundAnswer,
  writeRefundAnswer,
  type ReadRefund,
} from '../alipay-plus/messages/refund-messages.js';
import { RefundService } from '../debit/refund.service.js';
import { readMoney, type Money } from '../payment-order/order/money.js';
import { LostRecords } from '../payment-order/records/lost-records.js';
import type { Refund, RefundRequest } from '../payment-order/refund/refund.js';
import { present } from '../platform/present.js';
import { PARAM_ILLEGAL } from './inbound.refusals.js';
import { resultOnly, type InboundAnswer } from './inbound.service.js';
import { IN_PROCESS, refundResult, refundStanding } from './standing-answers.js';
import type { Origin } from '../platform/tracing/origin.js';

const INCONSISTENT: ResultToWrite = {
  resultStatus: 'F',
  resultCode: 'REPEAT_REQ_INCONSISTENT',
  resultMessage: 'repeated with other content',
};

/** Refunds that Alipay+ requests, and their state. */
@Injectable()
export class InboundRefunds {
  constructor(
    private readonly refunds: RefundService,
    private readonly records: LostRecords,
  ) {}

  /** A repetition is answered as the first was, or better; one with other content is refused and moves nothing. */
  async refund(body: Buffer, origin: Origin): Promise<InboundAnswer> {
    const reading = readRefund(body);
    const asked = reading.readable ? askedOf(reading) : undefined;
    if (!asked) return resultOnly(PARAM_ILLEGAL);
    const { paymentRequestId } = asked;
    const end = await this.refunds.refund(asked, origin);
    if (end.outcome === 'undecided') return { ...resultOnly(IN_PROCESS), paymentRequestId };
    const { refund } = end;
    if (!this.refunds.isRepetition(refund, asked)) return { ...resultOnly(INCONSISTENT), paymentRequestId };
    const result = refundResult(refund);
    return { body: writeRefundAnswer({ result, ...madeOf(refund) }), result, paymentRequestId };
  }

  async inquire(body: Buffer, origin: Origin): Promise<InboundAnswer> {
    const reading = readInquiryRefund(body);
    if (!reading.readable) return resultOnly(PARAM_ILLEGAL);
    const refund = await this.refunds.standing(reading.request.refundRequestId, origin);
    const answer = refundStanding(refund ?? ((await this.records.areInQuestion()) ? 'lost' : undefined));
    return present<InboundAnswer>({
      body: writeInquiryRefundAnswer(answer),
      result: answer.result,
      paymentResult: answer.refundResult,
      paymentRequestId: refund?.paymentRequestId,
    });
  }
}

function madeOf({ status, refundId, refundTime }: Refund) {
  return status === 'REFUNDED' ? { refundId, refundTime } : {};
}

/** Undefined when an amount is invalid, although the wire let its digits pass. */
function askedOf({ request, content }: ReadRefund): RefundRequest | undefined {
  const { refundFromAmount, surchargeInfo, refundQuote } = request;
  const refundAmount = readMoney(request.refundAmount);
  if (!refundAmount) return undefined;
  return present<RefundRequest>({
    refundRequestId: request.refundRequestId,
    paymentRequestId: request.paymentRequestId,
    paymentId: request.paymentId,
    refundAmount,
    refundFromAmount: moneyOf(refundFromAmount),
    surchargeAmount: moneyOf(surchargeInfo?.surchargeAmount),
    quote: refundQuote,
    content,
  });
}

function moneyOf(
  amount: { readonly currency: string; readonly value: string } | undefined,
): Money | undefined {
  return amount && readMoney(amount);
}
