import { Injectable } from '@nestjs/common';
import type { CustomerId, PaymentId } from '../../../payment-order/order/ids.js';
import { ReadingPool } from '../../../platform/database/reading-pool.js';
import { inTime } from '../../search/search.service.js';
import { KeptAnswer } from '../../../platform/kept-answer.js';
import { errorCounts, errorsBehind } from './errors.sql.js';

/** Where it failed: decoding a scan, debiting, or sending the result. */
export const ERROR_KINDS = ['scan', 'debit', 'result'] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

export interface ErrorCount {
  readonly kind: ErrorKind;
  /** A result code of Alipay+ or of the ledger, or the reason why there was none. */
  readonly code: string;
  readonly count: number;
  readonly lastAt: Date;
}

export interface ErrorBehind {
  readonly at: Date;
  readonly customerId: CustomerId;
  readonly paymentId?: PaymentId;
  /** The scan, which may have led to no payment. */
  readonly scanId?: string;
}

/** More codes would not be read at a glance. */
const MOST_CODES = 12;
export const MOST_BEHIND = 100;

interface CountRow {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly count: number;
  readonly last_at: Date;
}

interface BehindRow {
  readonly at: Date;
  readonly payment_id: PaymentId | null;
  readonly scan_id: string | null;
  readonly customer_id: CustomerId;
}

/** The errors of the last hour by code, and the payments behind each. */
@Injectable()
export class ErrorFigures {
  private readonly kept = new KeptAnswer(() => this.count());

  constructor(private readonly pool: ReadingPool) {}

  look(): Promise<readonly ErrorCount[]> {
    return this.kept.look();
  }

  async behind(kind: ErrorKind, code: string): Promise<readonly ErrorBehind[]> {
    const rows = await inTime(() => this.pool.run<BehindRow>(errorsBehind(kind, code, MOST_BEHIND)));
    return rows.map(({ at, payment_id: paymentId, scan_id: scanId, customer_id: customerId }) => ({
      at,
      customerId,
      ...(paymentId !== null && { paymentId }),
      ...(scanId !== null && { scanId }),
    }));
  }

  private async count(): Promise<readonly ErrorCount[]> {
    const rows = await inTime(() => this.pool.run<CountRow>(errorCounts(MOST_CODES)));
    return rows.map(({ last_at: lastAt, ...row }) => ({ ...row, lastAt }));
  }
}
