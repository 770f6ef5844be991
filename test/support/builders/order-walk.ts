import type { DecodedOrder, PaymentOrder } from '../../../src/payment-order/order/payment-order.js';
import type { ConfirmedOrder } from '../../../src/payment-order/debit/debit.js';
import { aDecodedOrder, confirm } from './an-order.js';
import { aPendingScan, evidence } from './a-scan.js';
import type { OpenedStores } from './opened-stores.js';

export const EVENTS = [
  'confirm',
  'decline',
  'expire',
  'cancel',
  'debited',
  'refused',
  'too-late',
  'reopened',
  'doubt',
  /** An answer about the debit before the current one. */
  'stale-answer',
  /** An operator ends it, or lets a held one be paid. */
  'close',
  'release',
  /** The same order is decoded again, with another content. */
  'rescan',
  /** The database's clock passes the expiry of the order. */
  'late',
] as const;

export type WalkEvent = (typeof EVENTS)[number];

const PAID_AT = '2026-03-01T12:00:00+00:00';
const REFUSED = { resultStatus: 'F', resultCode: 'UNAVAILABLE_PAYMENT_METHOD', resultMessage: 'no' } as const;

const OPERATOR = { actor: 'operator:night-shift', reason: 'a walk' };

/** Lets things happen to one order, as the service would. */
export class OrderWalk {
  private confirmed: ConfirmedOrder | undefined;
  private confirmedBefore: ConfirmedOrder | undefined;

  constructor(
    private readonly stores: OpenedStores,
    private readonly order: PaymentOrder,
  ) {}

  get paymentId(): string {
    return this.order.paymentId;
  }

  /** Whether the store says that it moved the order. */
  async step(event: WalkEvent): Promise<boolean> {
    switch (event) {
      case 'confirm':
        return this.confirm();
      case 'decline':
        return (await this.stores.orders.decline(this.order, 'wallet-app')) !== undefined;
      case 'expire':
        return (await this.stores.orders.expire(this.order)) !== undefined;
      case 'cancel': {
        const { paymentRequestId } = this.order;
        const { closedNow, reversal } = await this.stores.cancels.cancel({ paymentRequestId });
        return closedNow === true || reversal !== undefined;
      }
      case 'close':
        return (await this.stores.acts.close(this.order, OPERATOR)) !== undefined;
      case 'release': {
        const { paymentId, heldReason = '' } = this.order;
        return (await this.stores.acts.release(paymentId, heldReason, OPERATOR)) !== undefined;
      }
      case 'rescan':
        return this.rescan();
      case 'late':
        await this.stores.freezeClock(this.order.expiresAt);
        return false;
      case 'stale-answer':
        return this.confirmedBefore !== undefined && this.answer('debited', this.confirmedBefore);
      default:
        return this.confirmed !== undefined && this.answer(event, this.confirmed);
    }
  }

  private async confirm(): Promise<boolean> {
    const confirmed = await confirm(this.stores, this.order);
    if (!confirmed) return false;
    this.confirmedBefore = this.confirmed;
    this.confirmed = confirmed;
    return true;
  }

  private async rescan(): Promise<boolean> {
    const { paymentRequestId, customerId } = this.order;
    const scan = await aPendingScan(this.stores, { customerId });
    const decoded: DecodedOrder = aDecodedOrder({ paymentRequestId });
    const { outcome } = await this.stores.decodedOrders.accept(scan.scanId, evidence(), decoded, 1);
    return outcome !== 'merged';
  }

  private async answer(
    event: 'debited' | 'refused' | 'too-late' | 'reopened' | 'doubt',
    confirmed: ConfirmedOrder,
  ): Promise<boolean> {
    const { debits } = this.stores;
    const answers = {
      debited: () => debits.debited(confirmed, 'ledger-1', PAID_AT),
      refused: () => debits.refused(confirmed, 'REFUSED', REFUSED),
      'too-late': () => debits.tooLate(confirmed),
      reopened: () => debits.reopened(confirmed, 'INSUFFICIENT_BALANCE'),
      doubt: () => debits.inDoubt(confirmed.debit.debitId, 'timeout', 0).then(() => undefined),
    };
    return (await answers[event]()) !== undefined;
  }
}
