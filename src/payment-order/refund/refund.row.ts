import type { RowOf } from '../../platform/database/columns.js';
import { present } from '../../platform/present.js';
import { DatabaseClock } from '../order/database-clock.js';
import { moneyOf } from '../order/payment-order.row.js';
import type { Money } from '../order/money.js';
import type { RefundedSoFar } from './refund-rules.js';
import type { RefundEntity } from './refund.entity.js';
import type { ClaimedRefund, Refund } from './refund.js';
import type { DebitKey } from '../order/ids.js';

export type RefundRow = RowOf<RefundEntity>;

export interface ClaimedRefundRow extends RefundRow {
  readonly debit_key: DebitKey;
  readonly now: Date;
}

export interface SumRow {
  readonly count: number;
  readonly unsettled: number;
  readonly refund: string;
  readonly refund_from: string;
  readonly back: string;
}

export function toRefund(row: RefundRow): Refund {
  return present<Refund>({
    refundId: row.refund_id,
    refundRequestId: row.refund_request_id,
    paymentRequestId: row.payment_request_id,
    paymentId: row.payment_id,
    status: row.status,
    refundAmount: readable(row, moneyOf(row.refund_currency, row.refund_value)),
    refundFromAmount: moneyOf(row.refund_from_currency, row.refund_from_value),
    backAmount: moneyOf(row.back_currency, row.back_value),
    content: row.content,
    amountFlag: row.amount_flag,
    refusal: row.result_code === null ? undefined : refusalOf(row.result_code, row.result_message),
    refundTime: row.refund_time,
    tries: row.tries,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  });
}

export function toClaimedRefund(row: ClaimedRefundRow): ClaimedRefund {
  const { refund_id: refundId, payment_id: paymentId, debit_key: debitKey, tries } = row;
  if (paymentId === null) throw new Error(`refund ${refundId} has no payment`);
  const backAmount = readable(row, moneyOf(row.back_currency, row.back_value));
  return { refundId, paymentId, debitKey, backAmount, tries, clock: new DatabaseClock(row.now) };
}

export function toSum({ count, unsettled, refund, refund_from: refundFrom, back }: SumRow): RefundedSoFar {
  return { count, unsettled, refund: BigInt(refund), refundFrom: BigInt(refundFrom), back: BigInt(back) };
}

function refusalOf(resultCode: string, resultMessage: string | null): Refund['refusal'] {
  return { resultCode, resultMessage: resultMessage ?? '' };
}

function readable({ refund_id: refundId }: RefundRow, amount: Money | undefined): Money {
  if (!amount) throw new Error(`refund ${refundId} has no readable amount`);
  return amount;
}
