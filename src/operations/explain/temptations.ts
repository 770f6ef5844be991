import type { NotificationStatus } from '../../payment-order/order/payment-status.js';
import { currentDebit, type PaymentSnapshot } from '../snapshot/payment-snapshot.js';
import type { ExplanationDto } from './explanation.dto.js';

type Temptation = ExplanationDto['mustNot'][number];

/** What somebody might do beside the service because the payment looks stuck, and what it would break. */
export function temptationsOf(snapshot: PaymentSnapshot): Temptation[] {
  const { order, notification } = snapshot;
  const debit = currentDebit(snapshot)?.status;
  const temptations: Temptation[] = [];
  if (order.status === 'DEBITING') temptations.push(...IN_DOUBT);
  if (order.status === 'PAID') {
    const why =
      'The merchant would keep the money while the payer gets it back. Only Alipay+ undoes a payment, by cancelPayment or refund.';
    temptations.push({ act: 'refund-by-hand', why });
  }
  if (debit === 'REVERSING' || debit === 'REVERSED') {
    const why =
      'The ledger gives the money back under the key of the debit; given back by hand it would go back twice.';
    temptations.push({ act: 'refund-by-hand', why });
  }
  if (notification && UNTOLD.includes(notification.status)) {
    const why =
      'Alipay+ compares every repetition with the first: a changed result would be refused as inconsistent.';
    temptations.push({ act: 'change-rows', why });
  }
  return temptations;
}

const UNTOLD: readonly NotificationStatus[] = ['PARKED', 'REJECTED'];

const IN_DOUBT: readonly Temptation[] = [
  {
    act: 'debit-again',
    why: 'The ledger may have taken the money already. Asked again under the same key it takes it once; anything else may take it twice.',
  },
  {
    act: 'tell-payer-it-failed',
    why: 'Not known is not failed. When the ledger says that it took the money, the order is paid.',
  },
  { act: 'pay-anew', why: 'A payer who pays by another code meanwhile may have paid twice.' },
];
