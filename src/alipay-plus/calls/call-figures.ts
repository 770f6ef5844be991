import { Injectable, Optional } from '@nestjs/common';
import type { Counter, Histogram } from 'prom-client';
import { AnswerWatch } from '../../platform/health/answer-watch.js';
import { HealthProbes } from '../../platform/health/health-probes.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { isListedResultCode } from '../codes/result-codes.js';
import { MessageSignature } from '../signature/message-signature.js';
import type { Exchange } from './exchange.js';

export type CalledApi = 'userInitiatedPay' | 'notifyPayment';

/** Around what each API is waited for: 8 s and 5 s by default. */
const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 5, 8, 10, 15];
const NONE = 'none';

/** The calls we make to Alipay+, in numbers. What an answer says is a label only where a table lists it. */
@Injectable()
export class CallFigures {
  private readonly calls: Counter<'api' | 'outcome' | 'code' | 'reason'>;
  private readonly duration: Histogram<'api' | 'outcome'>;
  private readonly decodes = new AnswerWatch();

  constructor(metrics: Metrics, signature: MessageSignature, @Optional() probes?: HealthProbes) {
    probes?.register(this.decodes.probe('alipayplus'));
    this.calls = metrics.counter({
      name: 'alipayplus_calls_total',
      help: 'Calls to Alipay+, by what the answer proved, its result code, and why the outcome is unknown.',
      labels: ['api', 'outcome', 'code', 'reason'],
    });
    this.duration = metrics.histogram({
      name: 'alipayplus_call_duration_seconds',
      help: 'Time from sending a call to Alipay+ until its answer, or until it was given up.',
      labels: ['api', 'outcome'],
      buckets: SECONDS,
    });
    metrics.gauge({
      name: 'alipayplus_key_last_used_timestamp_seconds',
      help: 'When a key last signed a message, or last proved one, by its owner and version.',
      labels: ['owner', 'version'],
      collect: (gauge) => {
        for (const { owner, version, atMs } of signature.keysUsed())
          gauge.set({ owner, version }, atMs / 1_000);
      },
    });
  }

  called(api: CalledApi, { outcome, resultCode, reason, durationMs }: Exchange<unknown>): void {
    this.calls.inc({ api, outcome, code: codeLabel(resultCode), reason: reason ?? NONE });
    this.duration.observe({ api, outcome }, durationMs / 1_000);
    // Results go to hosts of their own, which are watched one by one.
    if (api !== 'userInitiatedPay') return;
    if (outcome === 'unknown' && reason !== 'result_unknown') this.decodes.unanswered(reason ?? NONE);
    else this.decodes.answered();
  }
}

/** An unverified answer may say anything. */
function codeLabel(resultCode: string | undefined): string {
  if (resultCode === undefined || resultCode === '') return NONE;
  return isListedResultCode(resultCode) ? resultCode : 'unlisted';
}
