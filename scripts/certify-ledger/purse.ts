import { randomUUID } from 'node:crypto';
import type { LedgerDebit } from '../../src/wallet-ledger/wallet-ledger.js';
import { inWords } from './answer-words.js';
import type { CoreClient } from './core-client.js';

/** More than anybody has; if a debit of it succeeds, nothing is ever refused for lack of money. */
const NO_LIMIT = 10n ** 40n;

class Unmeasurable extends Error {}

/**
 * One customer's balance. The contract has no call for it, so it is measured by debits: the balance is the one value
 * whose debit is done while one minor unit more is INSUFFICIENT_BALANCE. Money taken for the measurement is given back
 * at once.
 */
export class Purse {
  /** Why the balance cannot be measured; set once it has been tried. */
  unmeasurable: string | undefined;
  private known: bigint | undefined;

  constructor(
    private readonly client: CoreClient,
    readonly customerId: string,
    readonly currency: string,
  ) {}

  /** Three calls if the balance is `guess`, some dozens if not. Undefined when it cannot be measured. */
  async balance(guess: bigint | undefined = this.known): Promise<bigint | undefined> {
    if (this.unmeasurable !== undefined) return undefined;
    try {
      this.known = guess !== undefined && (await this.isExactly(guess)) ? guess : await this.search();
      return this.known;
    } catch (error) {
      if (!(error instanceof Unmeasurable)) throw error;
      this.unmeasurable = error.message;
      return undefined;
    }
  }

  private async search(): Promise<bigint> {
    let enough = 0n;
    let tooMuch = 1n;
    while (await this.affords(tooMuch)) {
      enough = tooMuch;
      tooMuch *= 10n;
      if (tooMuch > NO_LIMIT) throw new Unmeasurable('debits of this customer are never too large');
    }
    while (tooMuch - enough > 1n) {
      const middle = (enough + tooMuch) / 2n;
      if (await this.affords(middle)) enough = middle;
      else tooMuch = middle;
    }
    if (await this.isExactly(enough)) return enough;
    throw new Unmeasurable('the balance changes while it is measured');
  }

  private async isExactly(value: bigint): Promise<boolean> {
    if (value < 0n || (value > 0n && !(await this.affords(value)))) return false;
    return !(await this.affords(value + 1n));
  }

  private async affords(value: bigint): Promise<boolean> {
    const { customerId, currency } = this;
    const debit = aThrowawayDebit({
      customerId,
      amount: { currency, value },
      description: 'how much is there',
    });
    const answer = await this.client.debit(debit);
    if (answer.outcome === 'refused' && answer.code === 'INSUFFICIENT_BALANCE') return false;
    if (answer.outcome !== 'done')
      throw new Unmeasurable(`a debit of ${value} was answered ${inWords(answer)}`);
    const back = await this.client.reverse(debit.key);
    if (back.outcome !== 'done') throw new Unmeasurable(`a reversal was answered ${inWords(back)}`);
    return true;
  }
}

/** A debit of a new order under a new key, with a deadline in an hour. */
export function aThrowawayDebit(
  debit: Pick<LedgerDebit, 'customerId' | 'amount'> & Partial<LedgerDebit>,
): LedgerDebit {
  return {
    key: randomUUID(),
    paymentRequestId: randomUUID(),
    notAfter: new Date(Date.now() + 3_600_000),
    description: 'certification',
    ...debit,
  };
}
