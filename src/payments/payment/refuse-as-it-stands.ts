import type { PaymentOrder } from '../../payment-order/order/payment-order.js';
import type { ProblemError } from '../../platform/http/problem.js';
import { present } from '../../platform/present.js';
import type { PayerMessageKey } from '../payer-advice.js';
import { refuse, type PaymentExtra, type PaymentsProblemCode } from '../payments.problems.js';
import { sdkPayload, standingKey } from './payment-standing.js';

/** Refuses what a payment does not allow as it stands, in words that are right for its state. */
export function refuseAsItStands(
  code: PaymentsProblemCode,
  order: PaymentOrder,
  more: Pick<PaymentExtra, 'scanId'> = {},
): ProblemError {
  const { paymentId } = order;
  const extra = present<PaymentExtra>({ ...more, paymentId, sdkActionPayload: sdkPayload(order) });
  const key = BY_STATE.has(code) ? (standingKey(order) ?? UNDER_WAY[order.status]) : undefined;
  return refuse(code, { extra }, key);
}

/** One code for many states; every other has words of its own. */
const BY_STATE: ReadonlySet<PaymentsProblemCode> = new Set(['ORDER_IS_CLOSED', 'ORDER_HELD']);

const UNDER_WAY: Readonly<Partial<Record<PaymentOrder['status'], PayerMessageKey>>> = {
  DEBITING: 'payment.in_progress',
  PAID: 'payment.already_paid',
};
