import type { PaymentResult } from '../payment-order/order/payment-result.js';
import type { LedgerRefusalCode } from '../wallet-ledger/wallet-ledger.js';

/** What a refusal of the wallet's ledger means for the order. */
export type RefusalMeaning =
  /** The payer may top up, or prove again, and confirm again while the order lives; nothing is sent to Alipay+ yet. */
  | { readonly end: 'reopen' }
  /** The order's time was over when the ledger was asked. */
  | { readonly end: 'expire' }
  /** Whether the order is paid cannot be known from here: somebody has to look. */
  | { readonly end: 'doubt' }
  /** The order has failed for good; this is sent to Alipay+. */
  | { readonly end: 'fail'; readonly result: PaymentResult };

const fail = (resultCode: string, resultMessage: string): RefusalMeaning => ({
  end: 'fail',
  result: { resultStatus: 'F', resultCode, resultMessage },
});

/** The codes of a paymentResult: docs/protocol.md lists them. */
export const REFUSALS: Readonly<Record<LedgerRefusalCode, RefusalMeaning>> = {
  INSUFFICIENT_BALANCE: { end: 'reopen' },
  PROOF_REJECTED: { end: 'reopen' },
  TOO_LATE: { end: 'expire' },
  ALREADY_DEBITED: { end: 'doubt' },
  CUSTOMER_NOT_FOUND: fail('USER_NOT_EXIST', 'the user does not exist'),
  CUSTOMER_BLOCKED: fail('USER_STATUS_ABNORMAL', 'the user may not pay'),
  LIMIT_EXCEEDED: fail('UNAVAILABLE_PAYMENT_METHOD', 'a limit of the payment method was reached'),
  RISK_REJECTED: fail('RISK_REJECT', 'declined by risk control'),
  CURRENCY_NOT_SUPPORTED: fail(
    'UNAVAILABLE_PAYMENT_METHOD',
    'the payment method does not hold this currency',
  ),
  REFUSED: fail('UNAVAILABLE_PAYMENT_METHOD', 'the payment method refused'),
};
