import { Injectable } from '@nestjs/common';
import type { Exchange } from '../alipay-plus/calls/exchange.js';
import type { ReadUserInitiatedPay } from '../alipay-plus/messages/user-initiated-pay.js';
import { DecodedOrderStore } from '../payment-order/scan/decoded-order.store.js';
import type { DecodedOrder, PaymentOrder } from '../payment-order/order/payment-order.js';
import type { ExchangeEvidence } from '../payment-order/evidence/exchange-evidence.js';
import type { Scan, ScanWithPayment } from '../payment-order/scan/scan.js';
import { PaymentOrderStore } from '../payment-order/order/payment-order.store.js';
import { ScanStore } from '../payment-order/scan/scan.store.js';
import { EventLog } from '../platform/logging/event-log.js';
import { present } from '../platform/present.js';
import type { DecodeAnswer } from './decode-line.js';
import { DecodeFigures } from './decode-figures.js';
import { DecodePolicy, DEFAULT_ORDER_LIFE_MS } from './decode-policy.js';
import { decodedOrderOf } from './decoded-order-of.js';
import { FirstSeenCodes } from './first-seen-codes.js';
import { isNeverPayable } from './release-rule.js';
import { ownFaultDelayMs, retryDelayMs, trafficPauseMs } from './retry-delay.js';
import type { Origin } from '../platform/tracing/origin.js';

export type AfterDecode =
  /** `known` is absent when another process ended the scan meanwhile: read the scan to know. */
  | { readonly finished: true; readonly known?: ScanWithPayment; readonly pauseMs?: never }
  /** To be asked again; `pauseMs` when Alipay+ asked the whole fleet to slow down. */
  | { readonly finished: false; readonly scan: Scan; readonly pauseMs?: number };

/** One attempt at a scan. */
interface DecodeTry {
  readonly scan: Scan;
  /** The request that waits for it, or the job in the background. */
  readonly origin: Origin | undefined;
}

/** What decides how long a scan waits for its next attempt. */
type Wait = 'usual' | 'our fault' | 'throttled';

/** Writes what one answer of Alipay+, or no answer, means for a scan. */
@Injectable()
export class DecodeOutcome {
  constructor(
    private readonly scans: ScanStore,
    private readonly decodedOrders: DecodedOrderStore,
    private readonly orders: PaymentOrderStore,
    private readonly policy: DecodePolicy,
    private readonly log: EventLog,
    private readonly firstSeen: FirstSeenCodes,
    private readonly figures: DecodeFigures,
  ) {}

  /** An F that is our own fault ends nothing: the scan stays pending. */
  async record(asked: DecodeTry, { exchange, isOurFault }: DecodeAnswer): Promise<AfterDecode> {
    const { scan } = asked;
    const evidence = evidenceOf(exchange);
    this.tell(asked, exchange);
    if (exchange.outcome === 'rejected' && !isOurFault)
      return this.reject(scan, evidence, exchange.resultCode ?? 'PROCESS_FAIL');
    const decoded = exchange.body && this.decode(exchange.body);
    if (exchange.outcome === 'accepted' && decoded) return this.accept(asked, evidence, decoded);
    const reason = exchange.reason ?? (isOurFault ? 'own_setup' : 'no_payment_request_id');
    const usual = reason === 'throttled' ? 'throttled' : 'usual';
    return this.postpone(scan, { ...evidence, outcome: 'unknown', reason }, isOurFault ? 'our fault' : usual);
  }

  private async reject(scan: Scan, evidence: ExchangeEvidence, resultCode: string): Promise<AfterDecode> {
    const ended = await this.scans.reject(scan.scanId, evidence, resultCode);
    if (!ended) return { finished: true };
    this.figures.ended('REJECTED');
    return { finished: true, known: { scan: ended } };
  }

  /** Alipay+ was not asked: nothing new is known, and no attempt is counted. */
  async defer(scan: Scan, delayMs: number): Promise<AfterDecode> {
    const later = await this.scans.defer(scan.scanId, delayMs);
    return later ? { finished: false, scan: later } : { finished: true };
  }

  async giveUp(scanId: string, origin?: Origin): Promise<void> {
    const scan = await this.scans.giveUp(scanId);
    if (!scan) return;
    this.figures.ended('GIVEN_UP');
    this.log.event('scan.given_up', { origin, scanId, tries: scan.tries });
  }

  private decode(read: ReadUserInitiatedPay): DecodedOrder | undefined {
    return decodedOrderOf(read.response, read.notPayable, this.policy.rules);
  }

  private async accept(
    { scan, origin }: DecodeTry,
    evidence: ExchangeEvidence,
    decoded: DecodedOrder,
  ): Promise<AfterDecode> {
    const life = DEFAULT_ORDER_LIFE_MS;
    const traceparent = origin?.traceparent;
    const accepted = await this.decodedOrders.accept(scan.scanId, evidence, decoded, life, traceparent);
    const order = 'order' in accepted ? accepted.order : undefined;
    if (order) origin?.note({ 'mpp.payment_id': order.paymentId });
    const { scanId } = scan;
    const { outcome } = accepted;
    if (outcome !== 'scan_ended') this.figures.ended(outcome === 'owned_by_another' ? 'REJECTED' : 'DECODED');
    this.log.event('scan.decoded', { origin, scanId, paymentId: order?.paymentId, outcome });
    const payment = order && (await this.endedIfUnpayable(order, origin));
    return payment
      ? { finished: true, known: { scan: decodedScan(scan, payment), payment } }
      : { finished: true };
  }

  /** The merchant is notified at once and need not wait until the order expires. If the process dies before this, the order expires. */
  private async endedIfUnpayable(order: PaymentOrder, origin: Origin | undefined): Promise<PaymentOrder> {
    const { status, heldReason = '', paymentId } = order;
    if (status !== 'HELD' || !isNeverPayable(heldReason)) return order;
    const ended = await this.orders.endUnpayable(order);
    if (ended) this.log.warn('order.unpayable', { origin, paymentId, heldReason });
    return ended ?? (await this.orders.find(paymentId)) ?? order;
  }

  private async postpone(scan: Scan, evidence: ExchangeEvidence, wait: Wait): Promise<AfterDecode> {
    const pauseMs = wait === 'throttled' ? trafficPauseMs(Math.random()) : undefined;
    const delayMs = pauseMs ?? this.delayMs(scan, wait);
    if (pauseMs !== undefined) await this.scans.pause(pauseMs);
    const later = await this.scans.postpone(scan.scanId, evidence, {
      delayMs,
      counts: pauseMs === undefined,
    });
    if (!later) return { finished: true };
    return { finished: false, scan: later, ...(pauseMs === undefined ? {} : { pauseMs }) };
  }

  private delayMs({ tries }: Scan, wait: Wait): number {
    const usualMs = retryDelayMs(this.policy.retry, tries + 1, Math.random());
    return wait === 'our fault' ? Math.max(usualMs, ownFaultDelayMs(Math.random())) : usualMs;
  }

  private tell({ scan, origin }: DecodeTry, exchange: Exchange<ReadUserInitiatedPay>): void {
    this.figures.asked(scan.tries);
    this.firstSeen.note(exchange.outcome, exchange.resultCode);
    this.log.event('scan.asked', {
      origin,
      scanId: scan.scanId,
      attempt: scan.tries + 1,
      outcome: exchange.outcome,
      reason: exchange.reason,
      resultCode: exchange.resultCode,
      ms: Math.round(exchange.durationMs),
    });
  }
}

/** As the statement that kept the order left it; reading it again would cost every payer a round trip. */
function decodedScan(scan: Scan, { paymentId }: PaymentOrder): Scan {
  return present<Scan>({
    scanId: scan.scanId,
    customerId: scan.customerId,
    status: 'DECODED',
    paymentId,
    tries: scan.tries + 1,
    givesUpAt: scan.givesUpAt,
    createdAt: scan.createdAt,
    readAt: scan.readAt,
  });
}

function evidenceOf(exchange: Exchange<unknown>): ExchangeEvidence {
  return present<ExchangeEvidence>({
    outcome: exchange.outcome,
    durationMs: exchange.durationMs,
    requestTime: exchange.requestTime,
    keyVersion: exchange.keyVersion,
    reason: exchange.reason,
    resultCode: exchange.resultCode,
    httpStatus: exchange.httpStatus,
    answer: exchange.rawResponse,
  });
}
