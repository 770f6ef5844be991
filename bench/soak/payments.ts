import { steadily, type Sample } from '../steady/steadily.js';
import type { WalletApp } from '../steady/wallet-app.js';

export interface Paid {
  readonly scans: Sample[];
  readonly confirms: Sample[];
}

/** Payers who scan and then confirm, at a steady rate. */
export class Payments {
  private readonly steady;
  private scans: Sample[] = [];
  private confirms: Sample[] = [];

  constructor(
    private readonly app: WalletApp,
    perSecond: number,
  ) {
    this.steady = steadily(perSecond, () => this.pay());
  }

  /**
   * The payments that ended since the last call.
   *
   * @throws when a payment has failed
   */
  taken(): Paid {
    this.steady.taken();
    const { scans, confirms } = this;
    [this.scans, this.confirms] = [[], []];
    return { scans, confirms };
  }

  async stop(): Promise<Paid> {
    await this.steady.stop();
    return this.taken();
  }

  private async pay(): Promise<void> {
    const scannedAt = performance.now();
    const paymentId = await this.app.scan();
    const confirmedAt = performance.now();
    this.scans.push({ atMs: scannedAt, tookMs: confirmedAt - scannedAt });
    await this.app.confirm(paymentId);
    this.confirms.push({ atMs: confirmedAt, tookMs: performance.now() - confirmedAt });
  }
}

/** The number of payments a second that are completed when payers follow each other without a pause. */
export async function maximumOf(app: WalletApp, payers: number, seconds: number): Promise<number> {
  const startedAt = performance.now();
  const isOver = (): boolean => performance.now() - startedAt > seconds * 1_000;
  let paid = 0;
  const payer = async (): Promise<void> => {
    while (!isOver()) {
      await app.confirm(await app.scan());
      paid += 1;
    }
  };
  await Promise.all(Array.from({ length: payers }, payer));
  const perSecond = paid / ((performance.now() - startedAt) / 1_000);
  return perSecond;
}
