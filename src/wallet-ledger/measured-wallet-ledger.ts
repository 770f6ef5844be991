import type { Counter, Histogram } from 'prom-client';
import { AnswerWatch } from '../platform/health/answer-watch.js';
import type { HealthProbes } from '../platform/health/health-probes.js';
import type { Metrics } from '../platform/metrics/metrics.js';
import type { Id } from '../platform/id.js';
import {
  WalletLedger,
  type DebitListing,
  type DebitWindow,
  type LedgerAnswer,
  type LedgerDebit,
  type LedgerLookup,
  type LedgerRefund,
} from './wallet-ledger.js';
import type { Origin } from '../platform/tracing/origin.js';

type Verb = 'debit' | 'lookup' | 'reverse' | 'refund' | 'list';
type Answer = LedgerAnswer | LedgerLookup | DebitListing;

/** Around what the wallet's core is waited for. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];

/** A ledger, with its calls counted by outcome. */
export class MeasuredWalletLedger extends WalletLedger {
  private readonly calls: Counter<'verb' | 'outcome' | 'reason'>;
  private readonly duration: Histogram<'verb' | 'outcome'>;
  private readonly answers = new AnswerWatch();

  constructor(
    readonly measured: WalletLedger,
    metrics: Metrics,
    probes?: HealthProbes,
  ) {
    super();
    probes?.register(this.answers.probe('ledger'));
    this.calls = metrics.counter({
      name: 'ledger_calls_total',
      help: "Calls to the wallet's ledger, by verb and outcome, and why it refused or why nothing is known.",
      labels: ['verb', 'outcome', 'reason'],
    });
    this.duration = metrics.histogram({
      name: 'ledger_call_duration_seconds',
      help: "Time until the wallet's ledger answered, or was given up.",
      labels: ['verb', 'outcome'],
      buckets: SECONDS,
    });
  }

  debit(debit: LedgerDebit, origin?: Origin): Promise<LedgerAnswer> {
    return this.measure('debit', origin, (call) => this.measured.debit(debit, call));
  }

  lookup(key: Id<'DebitKey'>, origin?: Origin): Promise<LedgerLookup> {
    return this.measure('lookup', origin, (call) => this.measured.lookup(key, call));
  }

  reverse(key: Id<'DebitKey'>, reason: string, origin?: Origin): Promise<LedgerAnswer> {
    return this.measure('reverse', origin, (call) => this.measured.reverse(key, reason, call));
  }

  refund(refund: LedgerRefund, origin?: Origin): Promise<LedgerAnswer> {
    return this.measure('refund', origin, (call) => this.measured.refund(refund, call));
  }

  override listDebits(window: DebitWindow): Promise<DebitListing> {
    return this.measure('list', undefined, () => this.measured.listDebits(window));
  }

  private async measure<Answered extends Answer>(
    verb: Verb,
    origin: Origin | undefined,
    ask: (call: Origin | undefined) => Promise<Answered>,
  ): Promise<Answered> {
    const askedAtMs = performance.now();
    const call = origin?.under({ name: `ledger ${verb}`, kind: 'call', attributes: {} });
    const answer = await ask(call).catch((error: unknown) => {
      call?.end('failed');
      throw error;
    });
    const { outcome } = answer;
    call?.note({ 'mpp.outcome': outcome });
    call?.end(outcome === 'unknown' ? reasonLabel(answer) : undefined);
    this.calls.inc({ verb, outcome, reason: reasonLabel(answer) });
    this.duration.observe({ verb, outcome }, (performance.now() - askedAtMs) / 1_000);
    if (outcome === 'unknown') this.answers.unanswered(reasonLabel(answer));
    else this.answers.answered();
    return answer;
  }
}

/** A status is the core's to choose, from hundreds; the class of it says as much. */
function reasonLabel(answer: Answer): string {
  if (answer.outcome === 'refused') return answer.code;
  return answer.outcome === 'unknown' ? answer.reason.replace(/^(http_status_\d)\d*$/, '$1xx') : 'none';
}
