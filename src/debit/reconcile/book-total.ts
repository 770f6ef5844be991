import type { Amount } from '../../payment-order/order/money.js';

/** Count, and sum by currency in minor units. */
export interface BookTotal {
  readonly count: number;
  readonly sums: Readonly<Record<string, string>>;
}

/** Amounts by currency, exact at any size. */
export class Sum {
  private count = 0;
  private readonly sums = new Map<string, bigint>();

  add({ currency, value }: Amount): void {
    this.count += 1;
    this.sums.set(currency, (this.sums.get(currency) ?? 0n) + BigInt(value));
  }

  get total(): BookTotal {
    const sums = [...this.sums]
      .toSorted(([one], [other]) => one.localeCompare(other))
      .map(([currency, sum]) => [currency, sum.toString()] as const);
    return { count: this.count, sums: Object.fromEntries(sums) };
  }
}
