import { Injectable } from '@nestjs/common';
import { isRefusedValue } from '../../platform/database/conflict-retry.js';
import { placeOf, type SealedColumn } from '../../platform/sealing/sealed-column.js';
import { Database } from '../../platform/database/database.js';
import { KEEP_INBOUND, PRUNE, type EvidenceTable } from './evidence.sql.js';
import type { PaymentRequestId } from '../order/ids.js';

/** One inbound call and what it was answered, as evidence. */
export interface InboundEvidence {
  readonly api: 'inquiryPayment' | 'cancelPayment' | 'refund' | 'inquiryRefund';
  readonly paymentRequestId?: PaymentRequestId;
  readonly requestTime?: string;
  readonly request: Buffer;
  readonly answer: Buffer;
  readonly result: { readonly resultStatus: string; readonly resultCode: string };
  readonly paymentResult?: { readonly resultStatus: string; readonly resultCode: string };
}

export interface PruneWindow {
  /** Where the window before ended; a walk begins at 0. A decimal, since ids may pass 2^53. */
  readonly afterId: string;
  readonly rows: number;
  readonly keepDays: number;
}

export interface Pruned {
  readonly pruned: number;
  /** Where the next window begins; undefined when everything old has been looked at. */
  readonly nextId: string | undefined;
}

/** Both are sealed under the order and the time that Alipay+ named. */
const INBOUND = {
  table: 'inbound_exchange',
  id: 'exchange_id',
  idType: 'bigint',
  key: ['payment_request_id', 'request_time'],
} as const;
export const INBOUND_REQUEST = { ...INBOUND, column: 'request' } as const satisfies SealedColumn;
export const INBOUND_ANSWER = { ...INBOUND, column: 'answer' } as const satisfies SealedColumn;

const EVIDENCE_BYTES = 16_384;

/** Keeps what Alipay+ asked us, and deletes evidence that is too old; never an order, its history, its debits or its result. */
@Injectable()
export class EvidenceStore {
  constructor(private readonly database: Database) {}

  /** Characters that the database cannot hold are left out of the text; the received bytes are kept. */
  async keepInbound(evidence: InboundEvidence): Promise<void> {
    try {
      await this.insertInbound(evidence);
    } catch (error) {
      if (!isRefusedValue(error)) throw error;
      const { paymentRequestId: _id, requestTime: _time, ...ours } = evidence;
      await this.insertInbound(ours);
    }
  }

  private async insertInbound(evidence: InboundEvidence): Promise<void> {
    const { sealing } = this.database;
    const key = [evidence.paymentRequestId, evidence.requestTime];
    await this.database.run(KEEP_INBOUND, [
      evidence.api,
      evidence.paymentRequestId ?? null,
      evidence.requestTime ?? null,
      sealing.seal(placeOf(INBOUND_REQUEST, key), evidence.request.subarray(0, EVIDENCE_BYTES)),
      sealing.seal(placeOf(INBOUND_ANSWER, key), evidence.answer.subarray(0, EVIDENCE_BYTES)),
      evidence.result.resultStatus,
      evidence.result.resultCode,
      evidence.paymentResult?.resultStatus ?? null,
      evidence.paymentResult?.resultCode ?? null,
    ]);
  }

  async prune(table: EvidenceTable, { afterId, rows, keepDays }: PruneWindow): Promise<Pruned> {
    interface Row {
      pruned: number;
      last_id: string | null;
      may_be_more: boolean;
    }
    const [row] = await this.database.run<Row>(PRUNE[table], [afterId, rows, keepDays]);
    return { pruned: row?.pruned ?? 0, nextId: row?.may_be_more ? (row.last_id ?? undefined) : undefined };
  }
}
