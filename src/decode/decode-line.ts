import { Injectable } from '@nestjs/common';
import type { Gauge } from 'prom-client';
import { AlipayPlusClient } from '../alipay-plus/calls/alipay-plus.client.js';
import type { Exchange } from '../alipay-plus/calls/exchange.js';
import { ownFaultCodes, ownFaultOf, type OwnFault } from '../alipay-plus/codes/result-codes.js';
import type { ReadUserInitiatedPay } from '../alipay-plus/messages/user-initiated-pay.js';
import type { ClaimedScan } from '../payment-order/scan/scan.js';
import { ScanStore } from '../payment-order/scan/scan.store.js';
import { EventLog } from '../platform/logging/event-log.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { DecodePolicy } from './decode-policy.js';
import { LineStop, type Verdict } from './line-stop.js';
import { OURS_FROM, OwnFaultSeries, SERIES_GAP_MS } from './own-fault-series.js';
import type { CustomerId } from '../payment-order/order/ids.js';
import type { Origin } from '../platform/tracing/origin.js';

export interface DecodeAnswer {
  readonly wasAsked: true;
  readonly exchange: Exchange<ReadUserInitiatedPay>;
  /** The answer says more about us than about this code: no payer is refused for it. */
  readonly isOurFault: boolean;
}

export type LineAnswer =
  | DecodeAnswer
  /** The line is stopped: Alipay+ was not asked. */
  | { readonly wasAsked: false };

/**
 * Asks Alipay+, and stops asking while nearly every answer says that the fault is ours: more calls would not help, and
 * scans stay pending. Each process has a line of its own, because one may run with the new key while another still has
 * the old one. How many payers were refused already is counted over all processes, and survives a restart.
 */
@Injectable()
export class DecodeLine {
  private readonly stop: LineStop;
  private readonly series: Readonly<Record<OwnFault, OwnFaultSeries>> = {
    'set-up': new OwnFaultSeries(),
    message: new OwnFaultSeries(),
  };
  private readonly stopped: Gauge;

  constructor(
    private readonly client: AlipayPlusClient,
    private readonly scans: ScanStore,
    private readonly policy: DecodePolicy,
    private readonly log: EventLog,
    metrics: Metrics,
  ) {
    this.stop = new LineStop(policy.stopMs);
    this.stopped = metrics.gauge({
      name: 'decode_line_stopped',
      help: '1 while this process decodes no scans because Alipay+ keeps saying that the fault is ours.',
    });
    this.stopped.set(0);
  }

  async ask(scan: ClaimedScan, origin?: Origin): Promise<LineAnswer> {
    const turn = this.stop.begin(scan.customerId, performance.now());
    if (turn === 'none') return { wasAsked: false };
    let verdict: Verdict = 'unknown';
    try {
      const exchange = await this.client.userInitiatedPay(scan.requestBody, origin);
      const fault = faultOf(exchange);
      if (fault) verdict = 'our fault';
      else if (exchange.outcome !== 'unknown') verdict = 'fine';
      return {
        wasAsked: true,
        exchange,
        isOurFault: fault !== undefined && (await this.isOurs(fault, scan)),
      };
    } finally {
      this.end(turn, scan.customerId, verdict);
    }
  }

  /** Every failed trial stops the line again; only the first time is logged. */
  private end(turn: 'call' | 'trial', customerId: CustomerId, verdict: Verdict): void {
    const wasStopped = this.stop.isStopped;
    if (turn === 'trial') this.stop.tried(customerId, verdict, performance.now());
    else this.stop.called(customerId, verdict, performance.now());
    if (wasStopped === this.stop.isStopped) return;
    this.stopped.set(wasStopped ? 0 : 1);
    if (wasStopped) this.log.event('decode.line_resumed');
    else this.log.error('decode.line_stopped', { alarm: true, stoppedMs: this.policy.stopMs });
  }

  /**
   * The first answers of a series may still be about one odd code, unless other processes have had theirs already.
   * A message can be spoilt by what a customer scans, so there only different customers count; a scan that is asked
   * again counts once in any case.
   */
  private async isOurs(fault: OwnFault, { scanId, customerId }: ClaimedScan): Promise<boolean> {
    const series = this.series[fault];
    const by = fault === 'message' ? 'customer' : 'scan';
    const of = by === 'customer' ? customerId : scanId;
    const isNew = series.note(of, performance.now());
    // What is known already is not looked up again: one customer must not cost the database a query with each code.
    if (series.isOurs || !isNew) return series.isOurs;
    const most = OURS_FROM - 1;
    const since = { withinMs: SERIES_GAP_MS, most };
    const others = await this.scans.countAnswered(ownFaultCodes(fault), { by, except: of, ...since });
    if (others >= most) series.toldByOthers();
    return series.isOurs;
  }
}

function faultOf({ outcome, resultCode }: Exchange<unknown>): OwnFault | undefined {
  return outcome === 'accepted' ? undefined : ownFaultOf(resultCode);
}
