import type { DebitStore } from '../src/payment-order/debit/debit.store.js';
import type { CustomerId, DebitKey, PaymentId, PaymentRequestId } from '../src/payment-order/order/ids.js';
import type { PaymentOrder } from '../src/payment-order/order/payment-order.js';
import type { Refund } from '../src/payment-order/refund/refund.js';
import type { WalletLedger } from '../src/wallet-ledger/wallet-ledger.js';

/** Each line that must not compile is marked; the type check fails on one that does compile. */
function mixed(order: PaymentOrder, refund: Refund, debits: DebitStore, ledger: WalletLedger): unknown[] {
  const { paymentId, paymentRequestId } = order;
  // @ts-expect-error Alipay+'s id of an order is not ours
  const ours: PaymentId = paymentRequestId;
  // @ts-expect-error nor the other way round
  const theirs: PaymentRequestId = paymentId;
  // @ts-expect-error a payer is no payment
  const payer: CustomerId = paymentId;
  // @ts-expect-error a refund has a key of its own
  const key: DebitKey = refund.refundId;
  const refundCall = { key: refund.refundId, amount: refund.refundAmount, reason: 'refund' };
  return [
    ours,
    theirs,
    payer,
    key,
    // @ts-expect-error a debit is claimed by its key
    debits.claim(paymentId, 1000, 0),
    // @ts-expect-error the ledger reverses a debit, not an order
    ledger.reverse(paymentId, 'cancelled'),
    // @ts-expect-error and looks a debit up, not a refund
    ledger.lookup(refund.refundId),
    // @ts-expect-error the two keys of a refund are not exchanged
    ledger.refund({ ...refundCall, debitKey: refund.refundId }),
  ];
}

/** These must compile: a plain string is any id, and an id is a string. */
function taken(text: string, ledger: WalletLedger): unknown[] {
  const paymentId: PaymentId = text;
  const plain: string = paymentId;
  return [plain, ledger.lookup(text)];
}

it('ids of different kinds do not fit each other, while a string from outside fits any', () => {
  // The compiler has decided by now: at run time there are only strings.
  expect([mixed, taken]).toHaveLength(2);
});
