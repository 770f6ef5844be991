import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Database } from '../platform/database/database.js';
import type { Runner } from '../platform/database/statement.js';
import type { Money } from './money.js';
import { toPaymentOrder, type OrderRow } from './payment-order.row.js';
import type { DecodedOrder, PaymentOrder } from './payment-order.js';
import type { ExchangeEvidence } from './scan.js';
import { ACCEPT_SCAN } from './scan.sql.js';
import { evidenceValues } from './scan.store.js';
import * as merge from './merge.sql.js';

export type AcceptedScan =
  | { readonly outcome: 'created' | 'merged'; readonly order: PaymentOrder }
  /** The order belongs to another customer: this scan ended as rejected and learns nothing. */
  | { readonly outcome: 'owned_by_another' }
  /** The scan had ended before this answer came. */
  | { readonly outcome: 'scan_ended' };

/** Turns an accepted answer into the one payment order of its `paymentRequestId`. */
@Injectable()
export class DecodedOrderStore {
  constructor(private readonly database: Database) {}

  /** @param defaultLifeMs how long an order lives whose answer named no expiry; such an order is held */
  async accept(
    scanId: string,
    evidence: ExchangeEvidence,
    decoded: DecodedOrder,
    defaultLifeMs: number,
  ): Promise<AcceptedScan> {
    const contentHash = hashOf(decoded);
    const paymentId = uuidv7();
    const values = [
      scanId,
      ...evidenceValues(evidence),
      paymentId,
      ...orderValues(decoded, contentHash, defaultLifeMs),
    ];
    const [row] = await this.database.run<CreatedRow>(ACCEPT_SCAN, values);
    if (row) return { outcome: 'created', order: createdOrder(paymentId, decoded, row) };
    return this.database.transaction((tx) => mergeScan(tx, scanId, decoded.paymentRequestId, contentHash));
  }
}

/** What a new order has from the database. */
interface CreatedRow {
  readonly customer_id: string;
  readonly expires_at: Date;
  readonly cancel_requested_at: Date | null;
  readonly created_at: Date;
}

/** A new order is what was decoded; half of what a scan gets from the database would be its own values coming back. */
function createdOrder(paymentId: string, decoded: DecodedOrder, row: CreatedRow): PaymentOrder {
  const { acquirerId: _acquirer, pspId: _psp, amountFlag: _flag, ...order } = decoded;
  return {
    ...order,
    paymentId,
    customerId: row.customer_id,
    status: firstStatus(decoded),
    expiresAt: row.expires_at,
    contentConflict: false,
    createdAt: row.created_at,
    updatedAt: row.created_at,
    readAt: row.created_at,
    ...(row.cancel_requested_at === null ? {} : { cancelRequestedAt: row.cancel_requested_at }),
  };
}

function firstStatus({ heldReason }: DecodedOrder): 'AWAITING_CONFIRMATION' | 'HELD' {
  return heldReason === undefined ? 'AWAITING_CONFIRMATION' : 'HELD';
}

/** The order was there before: same owner links the scan to it, another owner ends the scan and is told nothing. */
async function mergeScan(
  tx: Runner,
  scanId: string,
  paymentRequestId: string,
  contentHash: Buffer,
): Promise<AcceptedScan> {
  const [row] = await tx.run<OrderRow & { content_sha256: Buffer }>(merge.LOCK_ORDER, [paymentRequestId]);
  if (!row) return { outcome: 'scan_ended' };
  const order = toPaymentOrder(row);
  const [scan] = await tx.run<{ customer_id: string; status: string }>(merge.LOCK_SCAN, [scanId]);
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
function hashOf(decoded: DecodedOrder): Buffer {
  const essence = [
    decoded.scenario,
    decoded.paymentAmount,
    decoded.payToAmount,
    decoded.payAmount,
    decoded.quoteId,
    decoded.quoteExpiresAt,
    decoded.expiresAt,
    decoded.notifyUrl,
    decoded.heldReason,
    decoded.content,
  ];
  const text = JSON.stringify(essence, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : (value ?? null),
  );
  return hash('sha256', text, 'buffer');
}

function orderValues(decoded: DecodedOrder, contentHash: Buffer, defaultLifeMs: number): unknown[] {
  const { content } = decoded;
  const { merchant } = content;
  const values = [
    decoded.paymentRequestId,
    firstStatus(decoded),
    decoded.scenario,
    decoded.acquirerId,
    decoded.pspId,
    content.referenceOrderId,
    merchant?.referenceMerchantId,
    merchant?.merchantDisplayName ?? merchant?.merchantName,
    ...moneyValues(decoded.paymentAmount),
    ...moneyValues(decoded.payToAmount),
    ...moneyValues(decoded.payAmount),
    decoded.quoteId,
    decoded.quoteExpiresAt,
    decoded.expiresAt,
    defaultLifeMs,
    decoded.notifyUrl,
    JSON.stringify(content),
    contentHash,
    decoded.heldReason,
    decoded.amountFlag,
  ];
  return values.map((value) => value ?? null);
}

function moneyValues(money: Money | undefined): readonly (string | undefined)[] {
  return [money?.currency, money?.value.toString()];
}
