import { Injectable } from '@nestjs/common';
import { isRefusedValue } from '../../platform/database/conflict-retry.js';
import { placeOf, type SealedColumn } from '../../platform/sealing/sealed-column.js';
import { Database } from '../../platform/database/database.js';
import { KEEP_INBOUND } from './evidence.sql.js';
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

/** Keeps what Alipay+ asked us. */
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
}
