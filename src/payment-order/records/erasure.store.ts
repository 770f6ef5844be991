import type { Database } from '../../platform/database/database.js';
import type { CustomerId, PaymentId } from '../order/ids.js';
import * as sql from './erasure.sql.js';

export interface ErasureRequest {
  readonly customerId: CustomerId;
  readonly actor: string;
  readonly reason: string;
}

export interface ErasureReport {
  readonly payments: number;
  /** Scans that came to nothing. */
  readonly scans: number;
  /** Payments that are not finished: nothing of them is erased. */
  readonly open: readonly PaymentId[];
}

const BATCH = 200;

/** Erases what is kept of one customer besides the money. It may be run again, and finishes what was interrupted. */
export class ErasureStore {
  constructor(private readonly database: Database) {}

  /** What `erase` would erase. */
  async look(customerId: CustomerId): Promise<ErasureReport> {
    return this.walk(customerId, () => Promise.resolve());
  }

  /** Who does it and why is committed first. */
  async erase({ customerId, actor, reason }: ErasureRequest): Promise<ErasureReport> {
    await this.database.run(sql.KEEP_ERASURE, [customerId, actor, reason]);
    const report = await this.walk(customerId, async (paymentIds) => {
      await this.database.run(sql.ERASE_PAYMENTS, [paymentIds]);
    });
    await this.database.run(sql.ERASE_SCANS, [customerId]);
    return report;
  }

  private async walk(
    customerId: CustomerId,
    work: (atRest: readonly PaymentId[]) => Promise<void>,
  ): Promise<ErasureReport> {
    type Row = { readonly payment_id: PaymentId; readonly is_at_rest: boolean };
    const open: PaymentId[] = [];
    let payments = 0;
    let after: PaymentId | null = null;
    do {
      const rows: readonly Row[] = await this.database.run<Row>(sql.PAYMENTS_TO_ERASE, [
        customerId,
        after,
        BATCH,
      ]);
      const atRest = rows.filter((row) => row.is_at_rest).map((row) => row.payment_id);
      open.push(...rows.filter((row) => !row.is_at_rest).map((row) => row.payment_id));
      if (atRest.length > 0) await work(atRest);
      payments += atRest.length;
      after = rows.length < BATCH ? null : (rows.at(-1)?.payment_id ?? null);
    } while (after !== null);
    const [scans] = await this.database.run<{ count: number }>(sql.COUNT_SCANS, [customerId]);
    return { payments, scans: scans?.count ?? 0, open };
  }
}
