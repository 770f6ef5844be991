import { Metrics } from '../platform/metrics/metrics.js';
import { MeasuredWalletLedger } from './measured-wallet-ledger.js';
import { WalletLedger, type LedgerAnswer, type LedgerLookup } from './wallet-ledger.js';

/** Answers everything alike. */
class OneAnswer extends WalletLedger {
  constructor(private readonly answer: LedgerAnswer) {
    super();
  }

  debit = (): Promise<LedgerAnswer> => Promise.resolve(this.answer);
  reverse = this.debit;
  refund = this.debit;
  lookup = (): Promise<LedgerLookup> => Promise.resolve({ outcome: 'absent' });
}

async function counted(answer: LedgerAnswer): Promise<string> {
  const metrics = new Metrics();
  const ledger = new MeasuredWalletLedger(new OneAnswer(answer), metrics);
  expect(await ledger.reverse('a-debit', 'test')).toEqual(answer);
  return metrics.registry.getSingleMetricAsString('ledger_calls_total');
}

describe('a measured ledger', () => {
  test.each<[LedgerAnswer, string]>([
    [{ outcome: 'done', ledgerReference: 'r-4711' }, 'outcome="done",reason="none"'],
    [{ outcome: 'refused', code: 'RISK_REJECTED' }, 'outcome="refused",reason="RISK_REJECTED"'],
    [{ outcome: 'unknown', reason: 'timeout' }, 'outcome="unknown",reason="timeout"'],
    [{ outcome: 'unknown', reason: 'http_status_503' }, 'outcome="unknown",reason="http_status_5xx"'],
  ])('passes on %j and counts it', async (answer, labels) => {
    const text = await counted(answer);
    expect(text).toContain(`ledger_calls_total{verb="reverse",${labels}} 1`);
    expect(text).not.toContain('4711');
  });

  test('measures every verb, and offers what the ledger offers', async () => {
    const metrics = new Metrics();
    const ledger = new MeasuredWalletLedger(
      new OneAnswer({ outcome: 'unknown', reason: 'timeout' }),
      metrics,
    );
    await ledger.lookup('a-debit');
    expect(await ledger.listDebits({ from: new Date(0), to: new Date(1) })).toEqual({
      outcome: 'not_offered',
    });
    const text = await metrics.registry.getSingleMetricAsString('ledger_call_duration_seconds');
    expect(text).toContain('ledger_call_duration_seconds_count{verb="lookup",outcome="absent"} 1');
    expect(text).toContain('ledger_call_duration_seconds_count{verb="list",outcome="not_offered"} 1');
  });
});
