import { setTimeout as sleep } from 'node:timers/promises';
import {
  contentOf,
  MemoryBooks,
  ownerOf,
  refundContentOf,
  refused,
  type DebitAsked,
  type KeyRecord,
  type RefundAsked,
  type Told,
} from './memory-books.js';

const isDone = ({ refusal, reversal }: KeyRecord): boolean => refusal === undefined && reversal === undefined;

/** Answers repeats correctly, and takes the money again. */
export class DebitsOnEveryRepeat extends MemoryBooks {
  protected override repeat(known: KeyRecord, asked: DebitAsked): Told {
    const told = super.repeat(known, asked);
    if (told.status === 'DONE') this.move(known.owner, -known.value);
    return told;
  }
}

/** Checks, waits for something else, and books: of two at once both see nothing. */
export class ChecksThenDebits extends MemoryBooks {
  override async debit(asked: DebitAsked): Promise<Told> {
    const known = this.keys.get(asked.key);
    if (known !== undefined) return this.repeat(known, asked);
    await sleep(5);
    const first = this.keys.get(asked.key);
    const told = this.book(asked);
    // The answers agree, as after a unique index that stopped the second row but not the second transfer.
    if (first !== undefined && told.status === 'DONE') {
      this.keys.set(asked.key, first);
      return { status: 'DONE', ledgerReference: first.reference };
    }
    return told;
  }
}

export class ChecksThenReverses extends MemoryBooks {
  override async reverse(key: string): Promise<Told> {
    const known = this.keys.get(key);
    if (known === undefined || !isDone(known)) return super.reverse(key);
    await sleep(5);
    if (known.reversal !== undefined) this.move(known.owner, known.value);
    return super.reverse(key);
  }
}

/** Checks the deadline before it checks whether the debit is done already. */
export class ChecksDeadlineFirst extends MemoryBooks {
  override async debit(asked: DebitAsked): Promise<Told> {
    const known = this.keys.get(asked.key);
    if (known !== undefined && isDone(known) && Date.now() > asked.notAfterMs) return refused('TOO_LATE');
    return super.debit(asked);
  }
}

/** Knows keys but not orders. */
export class IgnoresOrders extends MemoryBooks {
  protected override isPaid(): boolean {
    return false;
  }
}

/** Checks whether the order was debited, waits for something else, and books. */
export class ChecksOrdersTooEarly extends MemoryBooks {
  private readonly foundUnpaid = new Set<string>();

  override async debit(asked: DebitAsked): Promise<Told> {
    if (!this.isPaid(asked.paymentRequestId)) this.foundUnpaid.add(asked.key);
    await sleep(5);
    return super.debit(asked);
  }

  protected override refusalOf(asked: DebitAsked): string | undefined {
    return super.refusalOf(this.foundUnpaid.has(asked.key) ? { ...asked, paymentRequestId: '' } : asked);
  }
}

/** Money that was given back leaves no trace of its order. */
export class ForgetsReversedOrders extends MemoryBooks {
  protected override isPaid(paymentRequestId: string): boolean {
    return [...this.keys.values()].some(
      (known) => known.paymentRequestId === paymentRequestId && isDone(known),
    );
  }
}

/** Finds the answer by the key alone. */
export class IgnoresContent extends MemoryBooks {
  protected override repeat(known: KeyRecord, asked: DebitAsked): Told {
    const content = known.content === undefined ? undefined : contentOf(asked);
    return super.repeat({ ...known, content }, asked);
  }
}

/** Answers UNKNOWN for other content, and takes the money of the other customer all the same. */
export class DebitsOtherContent extends MemoryBooks {
  protected override repeat(known: KeyRecord, asked: DebitAsked): Told {
    const told = super.repeat(known, asked);
    const owner = ownerOf(asked.customerId, asked.currency);
    if (told.status === 'UNKNOWN' && owner !== known.owner && this.balances.has(owner))
      this.move(owner, -asked.value);
    return told;
  }
}

/** Echoes every digit, and stores only a double. */
export class KeepsValuesAsDoubles extends MemoryBooks {
  override async debit(asked: DebitAsked): Promise<Told> {
    return super.debit({ ...asked, value: BigInt(Number(asked.value)) });
  }
}

/** A lookup that shows only whether there was a debit. */
export class TellsNoAmounts extends MemoryBooks {
  override async lookup(key: string): Promise<Told> {
    const { amount: _amount, ...told } = await super.lookup(key);
    return told;
  }
}

/** A lookup that does not show the customer. */
export class TellsNoCustomers extends MemoryBooks {
  override async lookup(key: string): Promise<Told> {
    const { customerId: _customerId, ...told } = await super.lookup(key);
    return told;
  }
}

/** A lookup that shows the amount in another unit. */
export class TellsAmountsInUnits extends MemoryBooks {
  override async lookup(key: string): Promise<Told> {
    const { amount, ...told } = await super.lookup(key);
    return amount === undefined ? told : { ...told, amount: { currency: 'HKD', value: '700' } };
  }
}

/** Marks a refusal for lack of money as worth another attempt. */
export class RetriesRefusals extends MemoryBooks {
  protected override repeat(known: KeyRecord, asked: DebitAsked): Told {
    const isSame = known.content === contentOf(asked);
    return isSame && known.refusal === 'INSUFFICIENT_BALANCE' ? this.book(asked) : super.repeat(known, asked);
  }
}

/** Refuses with codes of its own. */
export class RefusesInOtherWords extends MemoryBooks {
  protected override refusalOf(asked: DebitAsked): string | undefined {
    const refusal = super.refusalOf(asked);
    return refusal === 'CUSTOMER_NOT_FOUND' ? 'NO_SUCH_CUSTOMER' : refusal;
  }
}

export class DebitsTheBlocked extends MemoryBooks {
  protected override refusalOf(asked: DebitAsked): string | undefined {
    const refusal = super.refusalOf(asked);
    return refusal === 'CUSTOMER_BLOCKED' ? undefined : refusal;
  }
}

export class IgnoresNotAfter extends MemoryBooks {
  protected override refusalOf(asked: DebitAsked): string | undefined {
    return super.refusalOf({ ...asked, notAfterMs: Infinity });
  }
}

/** The transfer is made before the deadline is checked. */
export class RefusesButTakes extends MemoryBooks {
  protected override book(asked: DebitAsked): Told {
    const told = super.book(asked);
    if (told.code === 'TOO_LATE') this.move(ownerOf(asked.customerId, asked.currency), -asked.value);
    return told;
  }
}

/** Gives back money that a refused debit never took. */
export class PaysBackRefusals extends MemoryBooks {
  override async reverse(key: string): Promise<Told> {
    const known = this.keys.get(key);
    if (known?.refusal === 'INSUFFICIENT_BALANCE') this.move(known.owner, known.value);
    return super.reverse(key);
  }
}

export class ReversesAgainAndAgain extends MemoryBooks {
  override async reverse(key: string): Promise<Told> {
    const known = this.keys.get(key);
    if (known?.reversal !== undefined) this.move(known.owner, known.value);
    return super.reverse(key);
  }
}

/** A key is deleted with its reversal, so its debit starts again. */
export class ForgetsReversedKeys extends MemoryBooks {
  protected override repeat(known: KeyRecord, asked: DebitAsked): Told {
    return known.reversal === undefined ? super.repeat(known, asked) : this.book(asked);
  }
}

/** Nothing was debited, so nothing is remembered. */
export class LeavesTheKeyOpen extends MemoryBooks {
  protected override close(key: string): KeyRecord {
    const closed = super.close(key);
    this.keys.delete(key);
    return closed;
  }
}

/** A debit that overlaps its reversal is booked after it: it checked for the tombstone too early. */
export class DebitsPastItsReversal extends MemoryBooks {
  override async debit(asked: DebitAsked): Promise<Told> {
    if (!this.keys.has(asked.key)) {
      await sleep(5);
      if (this.keys.get(asked.key)?.content === undefined) return this.book(asked);
    }
    return super.debit(asked);
  }
}

/** Answers repeats correctly, and gives the money back again. */
export class RefundsOnEveryRepeat extends MemoryBooks {
  override async refund(asked: RefundAsked): Promise<Told> {
    const known = this.refunds.get(asked.key);
    const told = await super.refund(asked);
    const debit = this.keys.get(asked.debitKey);
    if (known !== undefined && debit !== undefined && told.status === 'DONE')
      this.move(debit.owner, asked.value);
    return told;
  }
}

/** Treats every refund as new, as long as there is something left. */
export class ForgetsRefunds extends MemoryBooks {
  override async refund(asked: RefundAsked): Promise<Told> {
    const known = this.refunds.get(asked.key);
    if (known?.content !== undefined && known.content !== refundContentOf(asked)) return super.refund(asked);
    const told = this.bookRefund(asked);
    if (known !== undefined) this.refunds.set(`${asked.key}, before`, known);
    return told;
  }
}

/** Compares each refund with the debit, and not all of them together. */
export class RefundsBeyondTheDebit extends MemoryBooks {
  protected override leftOf(debitKey: string, debit: KeyRecord): bigint {
    return debit.reversal === undefined ? debit.value : super.leftOf(debitKey, debit);
  }
}

/** A reversal gives the whole debit back, whatever was refunded before. */
export class ReversesWhatWasRefunded extends MemoryBooks {
  override async reverse(key: string): Promise<Told> {
    const known = this.keys.get(key);
    if (known !== undefined && isDone(known)) this.move(known.owner, known.value - this.leftOf(key, known));
    return super.reverse(key);
  }
}

export class RefundsWhatWasReversed extends MemoryBooks {
  protected override mayRefund(asked: RefundAsked, { reversal: _reversal, ...debit }: KeyRecord): boolean {
    return super.mayRefund(asked, debit);
  }
}

/** Finds a refund by its key alone. */
export class IgnoresRefundContent extends MemoryBooks {
  override async refund(asked: RefundAsked): Promise<Told> {
    return this.refunds.get(asked.key)?.told ?? super.refund(asked);
  }
}

/** Sums up, waits for something else, and books. */
export class SumsUpThenRefunds extends MemoryBooks {
  private readonly sums = new Map<string, bigint>();

  override async refund(asked: RefundAsked): Promise<Told> {
    const debit = this.keys.get(asked.debitKey);
    if (this.refunds.has(asked.key) || debit === undefined) return super.refund(asked);
    const left = this.leftOf(asked.debitKey, debit);
    await sleep(5);
    this.sums.set(asked.debitKey, left);
    const told = await super.refund(asked);
    this.sums.delete(asked.debitKey);
    return told;
  }

  protected override leftOf(debitKey: string, debit: KeyRecord): bigint {
    return this.sums.get(debitKey) ?? super.leftOf(debitKey, debit);
  }
}
