import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { isRefusedValue, sqlStateOf } from '../../platform/database/conflict-retry.js';
import { Database, type Runner } from '../../platform/database/database.js';
import { GroupedWrites } from '../../platform/database/grouped-writes.js';
import { jsonBytes } from '../../platform/database/columns.js';
import type { Sealing } from '../../platform/sealing/sealing.js';
import { keptContent } from '../order/sealed-content.js';
import { present } from '../../platform/present.js';
import {
  DECODE_ANSWER,
  evidenceJson,
  sealedEvidence,
  type ExchangeEvidence,
} from '../evidence/exchange-evidence.js';
import { toAmount, type Amount, type Money } from '../order/money.js';
import type { DecodedOrder, PaymentOrder } from '../order/payment-order.js';
import { toPaymentOrder, type OrderRow } from '../order/payment-order.row.js';
import { ONE_COMMIT } from '../order/statement-parts.js';
import { bareOrderOf, firstStatus, insertedValues } from './decoded-order.row.js';
import * as merge from './merge.sql.js';
import { ACCEPT_SCANS } from './scan.sql.js';
import type { CustomerId, PaymentId, PaymentRequestId } from '../order/ids.js';
import type { ReadRow } from '../order/payment-order.columns.js';

export type AcceptedScan =
  | { readonly outcome: 'created' | 'merged'; readonly order: PaymentOrder }
  /** The order belongs to another customer: this scan ended as rejected and learns nothing. */
  | { readonly outcome: 'owned_by_another' }
  /** The scan had ended before this answer came. */
  | { readonly outcome: 'scan_ended' };

interface Accepted {
  readonly scanId: string;
  readonly evidence: ExchangeEvidence;
  readonly paymentId: PaymentId;
  readonly decoded: DecodedOrder;
  /** `content` of the order in JSON, which is written and hashed alike. */
  readonly content: string;
  readonly contentHash: Buffer;
  readonly lifeMs: number;
  readonly traceparent: string | undefined;
}

/** Turns an accepted answer into the one payment order of its `paymentRequestId`. */
@Injectable()
export class DecodedOrderStore {
  private readonly answers = new GroupedWrites(
    (accepted: readonly Accepted[]) => this.acceptAll(accepted),
    ONE_COMMIT,
  );

  constructor(private readonly database: Database) {}

  /**
   * Writes an answer together with others that come at the same moment. An answer with a value that the database cannot
   * hold makes an order that is held, with nothing but its id and the bytes of the answer as evidence.
   *
   * @param lifeMs how long an order lives whose answer named no expiry; such an order is held
   * @param traceparent of the span that decodes it
   */
  async accept(
    scanId: string,
    evidence: ExchangeEvidence,
    decoded: DecodedOrder,
    lifeMs: number,
    traceparent?: string,
  ): Promise<AcceptedScan> {
    const sealed = sealedEvidence(this.database.sealing, DECODE_ANSWER, scanId, evidence);
    try {
      return await this.keep(scanId, sealed, decoded, lifeMs, traceparent);
    } catch (error) {
      if (!isRefusedValue(error)) throw error;
      const { resultCode: _theirs, ...ours } = sealed;
      return this.keep(scanId, ours, bareOrderOf(decoded, sqlStateOf(error)), lifeMs, traceparent);
    }
  }

  private async keep(
    scanId: string,
    evidence: ExchangeEvidence,
    decoded: DecodedOrder,
    lifeMs: number,
    traceparent?: string,
  ): Promise<AcceptedScan> {
    const content = JSON.stringify(decoded.content);
    const contentHash = hashOf(decoded, content);
    const paymentId = uuidv7();
    const answer = { scanId, evidence, paymentId, decoded, content, contentHash, lifeMs, traceparent };
    const { row } = await this.answers.write(answer);
    if (row) return { outcome: 'created', order: createdOrder(paymentId, decoded, row) };
    const { sealing } = this.database;
    return this.database.transaction((tx) =>
      mergeScan(tx, sealing, scanId, decoded.paymentRequestId, contentHash),
    );
  }

  private async acceptAll(
    accepted: readonly Accepted[],
  ): Promise<{ readonly row: CreatedRow | undefined }[]> {
    // Put together by `+`, which copies none of the texts; they are copied once, into the message.
    const answers = accepted
      .map((each) => toWrite(each, this.database.sealing))
      .reduce((list, answer) => `${list},${answer}`);
    const rows = await this.database.run<CreatedRow>(ACCEPT_SCANS, [`[${answers}]`]);
    const created = new Map(rows.map((row) => [row.payment_id, row]));
    return accepted.map(({ paymentId }) => ({ row: created.get(paymentId) }));
  }
}

/** What a new order has from the database. */
type CreatedRow = Pick<
  ReadRow,
  'payment_id' | 'customer_id' | 'expires_at' | 'cancel_requested_at' | 'ask_ledger' | 'created_at'
>;

/** A new order is what was decoded; half of what a scan gets from the database would be its own values coming back. */
function createdOrder(paymentId: PaymentId, decoded: DecodedOrder, row: CreatedRow): PaymentOrder {
  const { expiresAt: _named, acquirerId: _acquirer, pspId: _psp, amountFlag: _flag, ...rest } = decoded;
  return present<PaymentOrder>({
    ...rest,
    paymentId,
    customerId: row.customer_id,
    status: firstStatus(decoded),
    expiresAt: row.expires_at,
    contentConflict: false,
    cancelRequestedAt: row.cancel_requested_at,
    askLedger: row.ask_ledger,
    createdAt: row.created_at,
    updatedAt: row.created_at,
    readAt: row.created_at,
  });
}

/**
 * The order existed: for the same owner the scan is linked to it, for another one the scan ends and nothing is shown.
 */
async function mergeScan(
  tx: Runner,
  sealing: Sealing,
  scanId: string,
  paymentRequestId: PaymentRequestId,
  contentHash: Buffer,
): Promise<AcceptedScan> {
  const [row] = await tx.run<OrderRow & { content_sha256: Buffer }>(merge.LOCK_ORDER, [paymentRequestId]);
  if (!row) return { outcome: 'scan_ended' };
  const order = toPaymentOrder(row, sealing);
  const [scan] = await tx.run<{ customer_id: CustomerId; status: string }>(merge.LOCK_SCAN, [scanId]);
  if (!scan) return { outcome: 'scan_ended' };
  if (scan.customer_id !== order.customerId) {
    await tx.run(merge.REFUSE_SCAN, [scanId]);
    return { outcome: 'owned_by_another' };
  }
  if (scan.status === 'PENDING') await tx.run(merge.LINK_SCAN, [scanId, order.paymentId]);
  if (!row.content_sha256.equals(contentHash)) {
    await tx.run(merge.FLAG_CONFLICT, [order.paymentId, contentHash.toString('hex')]);
  }
  return { outcome: 'merged', order };
}

/** What must never change under one `paymentRequestId`: who gets how much of which money, at which quote, until when. */
function hashOf(decoded: DecodedOrder, content: string): Buffer {
  const essence = [
    decoded.scenario,
    amountOf(decoded.paymentAmount),
    amountOf(decoded.payToAmount),
    amountOf(decoded.payAmount),
    decoded.quoteId,
    decoded.quoteExpiresAt,
    decoded.expiresAt,
    decoded.notifyUrl,
    decoded.heldReason,
  ];
  return hash('sha256', `${JSON.stringify(essence).slice(0, -1)},${content}]`, 'buffer');
}

function amountOf(money: Money | undefined): Amount | undefined {
  return money && toAmount(money);
}

/** One answer as the statement reads it, in JSON; what is absent there is null. */
function toWrite(accepted: Accepted, sealing: Sealing): string {
  const { scanId, evidence, paymentId, decoded, contentHash, lifeMs, traceparent } = accepted;
  const { content, sealed } = keptContent(sealing, paymentId, decoded.content, accepted.content);
  const { answer, ...exchange } = evidenceJson(evidence);
  const columns = {
    scan_id: scanId,
    ...exchange,
    ...insertedValues(paymentId, decoded, contentHash),
    expires_at: decoded.expiresAt,
    life_ms: lifeMs,
    traceparent,
  };
  // What is JSON already, or letters only, needs no escaping.
  const bytes = answer === undefined ? 'null' : `"${answer}"`;
  const sealedBytes = sealed === undefined ? 'null' : `"${jsonBytes(sealed)}"`;
  const rest = `"answer":${bytes},"content":${content},"sealed_content":${sealedBytes}`;
  return `${JSON.stringify(columns).slice(0, -1)},${rest}}`;
}
