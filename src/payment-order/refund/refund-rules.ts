import { isSamePrice, isWithinTolerance } from '../order/conversion.js';
import type { Money } from '../order/money.js';
import type { PaymentOrder } from '../order/payment-order.js';
import type { RefundQuote, RefundRefusal, RefundRequest } from './refund.js';

/** What the refunds of one order add up to, those that were refused left out; each in the currency of its amount. */
export interface RefundedSoFar {
  readonly count: number;
  /** How many of them the ledger has not answered. */
  readonly unsettled?: number;
  /** Of `refundAmount`: the order's currency. */
  readonly refund: bigint;
  /** Of `refundFromAmount`: the wallet's currency. */
  readonly refundFrom: bigint;
  /** Of what went or goes back to the payer. */
  readonly back: bigint;
}

export const NOTHING_REFUNDED: RefundedSoFar = { count: 0, refund: 0n, refundFrom: 0n, back: 0n };

export type RefundVerdict =
  | { readonly outcome: 'accepted'; readonly backAmount: Money; readonly flag?: string }
  | { readonly outcome: 'refused'; readonly refusal: RefundRefusal }
  /** The order is not settled yet: nothing is kept, and the same request may be judged again. */
  | { readonly outcome: 'undecided' }
  /** Our records of the order may be lost: only the ledger knows whether it was paid. Nothing is kept either. */
  | { readonly outcome: 'only ledger knows'; readonly paymentId?: string };

/** What our records may lack about the order. */
export interface RecordGap {
  /** An order that is not there may have been there. */
  readonly mayBeLost: boolean;
  /** The ledger may refuse what is not settled yet, because it remembers refunds that we lost. */
  readonly mayRefuseOthers: boolean;
  /** The order may have been another row before, whose id Alipay+ was sent. */
  readonly mayHaveBeenAnother: boolean;
}

export const NO_GAP: RecordGap = { mayBeLost: false, mayRefuseOthers: false, mayHaveBeenAnother: false };

/** The codes of a refusal. Alipay+ publishes no complete table for a wallet: see docs/protocol.md, refund. */
const REFUSED: Readonly<Record<'unknown' | 'unpaid' | 'cancelled' | 'exceeds' | 'illegal', RefundRefusal>> = {
  unknown: { resultCode: 'ORDER_NOT_EXIST', resultMessage: 'order does not exist' },
  unpaid: { resultCode: 'ORDER_STATUS_INVALID', resultMessage: 'order was not paid' },
  cancelled: { resultCode: 'ORDER_IS_CLOSED', resultMessage: 'order has been cancelled' },
  exceeds: { resultCode: 'REFUND_AMOUNT_EXCEED', resultMessage: 'more than is left of the payment' },
  illegal: { resultCode: 'PARAM_ILLEGAL', resultMessage: 'Illegal parameters exist.' },
};

/**
 * Whether an order gives back what is asked for, and how much of it goes to the payer. The one place that decides it;
 * the caller holds the order's row, so that neither a cancel nor another refund comes between.
 *
 * Sums are bounded three times: in the order's currency, in the wallet's, and by what the payer paid. The amounts of
 * several refunds are converted and rounded one by one, so that in another currency their sum may pass the whole by
 * rounding alone: the last refund then gives back what is left, never more than was taken.
 */
export function judgeRefund(
  order: PaymentOrder | undefined,
  request: RefundRequest,
  sofar: RefundedSoFar,
  gap: RecordGap = NO_GAP,
): RefundVerdict {
  if (!order) return gap.mayBeLost ? { outcome: 'only ledger knows' } : refused('unknown');
  if (isOther(request, order) && !gap.mayHaveBeenAnother) return refused('unknown');
  const paid = paidOf(order);
  if (!paid) return unpaid(order);
  const verdict = judgeAmounts(paid, request, sofar);
  const exceeds = verdict.outcome === 'refused' && verdict.refusal === REFUSED.exceeds;
  return exceeds && gap.mayRefuseOthers ? { outcome: 'undecided' } : verdict;
}

function paidOf(order: PaymentOrder): Paid | undefined {
  const { status, cancelRequestedAt, paymentAmount, payToAmount, payAmount } = order;
  if (status !== 'PAID' || cancelRequestedAt !== undefined) return undefined;
  return paymentAmount && payToAmount && payAmount && { paymentAmount, payToAmount, payAmount, order };
}

function unpaid({ paymentId, status, cancelRequestedAt, askLedger }: PaymentOrder): RefundVerdict {
  if (status === 'CANCELLED' || cancelRequestedAt !== undefined) return refused('cancelled');
  if (status === 'DEBITING') return { outcome: 'undecided' };
  return status === 'AWAITING_CONFIRMATION' && askLedger
    ? { outcome: 'only ledger knows', paymentId }
    : refused('unpaid');
}

function isOther(request: RefundRequest, { paymentId }: PaymentOrder): boolean {
  return request.paymentId !== undefined && request.paymentId !== paymentId;
}

interface Paid {
  readonly paymentAmount: Money;
  readonly payToAmount: Money;
  readonly payAmount: Money;
  readonly order: PaymentOrder;
}

function judgeAmounts(paid: Paid, request: RefundRequest, sofar: RefundedSoFar): RefundVerdict {
  const { paymentAmount, payToAmount, payAmount } = paid;
  const { refundAmount } = request;
  const refundFrom = fromAmount(paid, request);
  if (refundAmount.currency !== paymentAmount.currency || refundFrom?.currency !== payToAmount.currency)
    return refused('illegal');
  const asked = backAmount(paid, request, refundFrom);
  if (asked.currency !== payAmount.currency) return refused('illegal');
  if (sofar.refund + refundAmount.value > paymentAmount.value) return refused('exceeds');
  const slack = payToAmount.currency === paymentAmount.currency ? 0n : roundingOf(sofar.count + 1);
  if (leftOf(payToAmount, sofar.refundFrom, refundFrom.value, slack) === undefined) return refused('exceeds');
  const value = leftOf(payAmount, sofar.back, asked.value, slack);
  if (value === undefined) return refused('exceeds');
  const flag = flagOf(paid, request, refundFrom);
  return { outcome: 'accepted', backAmount: { ...asked, value }, ...(flag === undefined ? {} : { flag }) };
}

/** Within one currency Alipay+ may leave the second amount out: it is the first one. */
function fromAmount({ paymentAmount, payToAmount }: Paid, request: RefundRequest): Money | undefined {
  const isOneCurrency = paymentAmount.currency === payToAmount.currency;
  return request.refundFromAmount ?? (isOneCurrency ? request.refundAmount : undefined);
}

/** With a surcharge the payer paid more than is settled, and the request names their share of it. */
function backAmount({ order }: Paid, { surchargeAmount }: RefundRequest, refundFrom: Money): Money {
  return (order.content.surcharged ? surchargeAmount : undefined) ?? refundFrom;
}

/** As much of what is asked for as is left of the whole; undefined when it passes the whole by more than rounding. */
function leftOf(whole: Money, sofar: bigint, asked: bigint, slack: bigint): bigint | undefined {
  const left = whole.value - sofar;
  if (left < 1n || asked > left + slack) return undefined;
  return asked < left ? asked : left;
}

/** Every converted amount is rounded to the nearest unit by itself, so that each may add half a unit to a sum. */
function roundingOf(conversions: number): bigint {
  return BigInt(Math.ceil(conversions / 2));
}

/**
 * A refund is converted at the rate of its payment (docs/protocol.md, refund). One that is not is accepted and flagged.
 */
function flagOf(
  { payToAmount, paymentAmount, order }: Paid,
  request: RefundRequest,
  refundFrom: Money,
): string | undefined {
  const { refundAmount, quote, surchargeAmount } = request;
  if (isOther(request, order)) return 'PAYMENT_ID_DIFFERS';
  if (surchargeAmount !== undefined && !order.content.surcharged) return 'SURCHARGE_WITHOUT_NEED';
  if (paymentAmount.currency === payToAmount.currency)
    return refundAmount.value === refundFrom.value ? undefined : 'AMOUNTS_DIFFER';
  const rate = order.content.exchangeRate;
  if (!rate) return undefined;
  if (quote && !isTheOrdersRate(quote, rate)) return 'QUOTE_DIFFERS';
  const priced = quote?.quoteUnit === undefined ? rate : { ...rate, quoteUnit: quote.quoteUnit };
  const promotions = order.content.promotions.length;
  return isWithinTolerance(refundAmount, refundFrom, priced, promotions) ? undefined : 'RATE_DOES_NOT_FIT';
}

type Rate = Pick<RefundQuote, 'quoteCurrencyPair' | 'quotePrice'>;

function isTheOrdersRate(quote: Rate, rate: Rate): boolean {
  return quote.quoteCurrencyPair === rate.quoteCurrencyPair && isSamePrice(quote.quotePrice, rate.quotePrice);
}

function refused(why: keyof typeof REFUSED): RefundVerdict {
  return { outcome: 'refused', refusal: REFUSED[why] };
}
