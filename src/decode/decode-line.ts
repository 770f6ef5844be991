import { Injectable } from '@nestjs/common';
import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  CountBreaker,
  handleWhenResult,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import type { Gauge } from 'prom-client';
import { AlipayPlusClient } from '../alipay-plus/calls/alipay-plus.client.js';
import type { Exchange } from '../alipay-plus/calls/exchange.js';
import { OWN_FAULT_CODES, ownFaultOf } from '../alipay-plus/codes/result-codes.js';
import type { ReadUserInitiatedPay } from '../alipay-plus/messages/user-initiated-pay.js';
import { ScanStore } from '../payment-order/scan/scan.store.js';
import { EventLog } from '../platform/logging/event-log.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { OURS_FROM, OwnFaultSeries, SERIES_GAP_MS } from './own-fault-series.js';
import { STOPPED_MS } from './retry-delay.js';

/**
 * The line stops when more than this share of the last calls says that the fault is ours. While a key change is half
 * done at Alipay+ about half of the calls succeed, and then asking again is what helps the payers.
 */
const STOP_RULE = { size: 20, minimumNumberOfCalls: 5, threshold: 0.7 };

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
  private readonly series = new OwnFaultSeries();
  private readonly breaker: CircuitBreakerPolicy = circuitBreaker(
    handleWhenResult((answer) => this.isFault(answer)),
    { halfOpenAfter: STOPPED_MS, breaker: new CountBreaker(STOP_RULE) },
  );
  private readonly stopped: Gauge;
  private isStopped = false;

  constructor(
    private readonly client: AlipayPlusClient,
    private readonly scans: ScanStore,
    private readonly log: EventLog,
    metrics: Metrics,
  ) {
    this.stopped = metrics.gauge({
      name: 'decode_line_stopped',
      help: '1 while this process decodes no scans because Alipay+ keeps saying that the fault is ours.',
    });
    this.stopped.set(0);
    this.breaker.onBreak(() => this.stop());
    this.breaker.onReset(() => this.resume());
  }

  async ask(requestBody: Buffer): Promise<LineAnswer> {
    // While one call tries whether it was mended, cockatiel would keep every other scan waiting for that call.
    if (this.breaker.state === CircuitState.HalfOpen) return { wasAsked: false };
    try {
      const exchange = await this.breaker.execute(() => this.client.userInitiatedPay(requestBody));
      return { wasAsked: true, exchange, isOurFault: saysOurFault(exchange) && (await this.isInSeries()) };
    } catch (error) {
      if (error instanceof BrokenCircuitError) return { wasAsked: false };
      throw error;
    }
  }

  /** The first answers of a series may still be about one odd code, unless other processes have had theirs already. */
  private async isInSeries(): Promise<boolean> {
    if (this.series.next(performance.now()) >= OURS_FROM) return true;
    const most = OURS_FROM - 1;
    return (await this.scans.countAnswered(OWN_FAULT_CODES, { withinMs: SERIES_GAP_MS, most })) >= most;
  }

  /** The one call that tries the line proves nothing unless Alipay+ answered it. */
  private isFault(answer: unknown): boolean {
    const exchange = answer as Exchange<unknown>; // the only thing the breaker executes returns one
    if (saysOurFault(exchange)) return true;
    return this.breaker.state === CircuitState.HalfOpen && exchange.outcome === 'unknown';
  }

  /** Every failed try stops the line anew; only the first time is news. */
  private stop(): void {
    if (this.isStopped) return;
    this.isStopped = true;
    this.stopped.set(1);
    this.log.error('decode.line_stopped', { alarm: true, stoppedMs: STOPPED_MS });
  }

  private resume(): void {
    this.isStopped = false;
    this.stopped.set(0);
    this.log.event('decode.line_resumed');
  }
}

function saysOurFault({ outcome, resultCode }: Exchange<unknown>): boolean {
  return outcome !== 'accepted' && ownFaultOf(resultCode) !== undefined;
}
