import { Injectable } from '@nestjs/common';
import { LostRecords } from '../payment-order/records/lost-records.js';
import { WalletLedger, type LedgerLookup } from '../wallet-ledger/wallet-ledger.js';
import { within } from '../platform/clock/within.js';
import { PATIENCE_MS } from './doubt-delay.js';
import type { Origin } from '../platform/tracing/origin.js';

/** Speaks for orders that are not in our records, while these are known to have a gap: the ledger has their debits. */
@Injectable()
export class LostOrderService {
  constructor(
    private readonly ledger: WalletLedger,
    private readonly records: LostRecords,
  ) {}

  /** False when the ledger holds no money for such an order, or our records have no gap; true also when that is unknown. */
  async mayBePaid(paymentRequestId: string, origin?: Origin): Promise<boolean> {
    const keys = await this.records.debitKeysOf(paymentRequestId);
    if (keys.length === 0) return false;
    return within(PATIENCE_MS, this.isHeldUnderAny(keys, origin), () => true);
  }

  /**
   * Gives back what such an order was debited, because Alipay+ cancels it: it is buried, and never debited again. False
   * when the ledger has not said that it is done; asking again moves nothing twice.
   */
  async giveBack(paymentRequestId: string, origin?: Origin): Promise<boolean> {
    const keys = await this.records.debitKeysOf(paymentRequestId);
    if (keys.length === 0) return true;
    return within(PATIENCE_MS, this.reverseFirstUnrefused(keys, origin), () => false);
  }

  private async reverseFirstUnrefused(keys: readonly string[], origin?: Origin): Promise<boolean> {
    for (const key of keys) {
      const { outcome } = await this.ledger.lookup(key, origin);
      if (outcome === 'unknown') return false;
      // A key that is not known yet is closed: the call that debits it may still be on its way.
      if (outcome !== 'refused')
        return (await this.ledger.reverse(key, 'cancelled by Alipay+', origin)).outcome === 'done';
    }
    return false;
  }

  /** Only a refused attempt is followed by another one. */
  private async isHeldUnderAny(keys: readonly string[], origin?: Origin): Promise<boolean> {
    for (const key of keys) {
      const { outcome } = await this.ledger.lookup(key, origin);
      if (outcome !== 'refused') return MAY_BE_HELD[outcome];
    }
    return true;
  }
}

const MAY_BE_HELD: Readonly<Record<Exclude<LedgerLookup['outcome'], 'refused'>, boolean>> = {
  debited: true,
  unknown: true,
  reversed: false,
  absent: false,
};
