import { mock } from 'node:test';
import { HealthProbes } from '../platform/health/health-probes.js';
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

  test('is not there for readiness while its calls go unanswered', async () => {
    const probes = new HealthProbes();
    const startMs = Date.now();
    const now = mock.method(Date, 'now', () => startMs);
    const ledger = new MeasuredWalletLedger(
      new OneAnswer({ outcome: 'unknown', reason: 'http_status_503' }),
      new Metrics(),
      probes,
    );
    const [probe] = probes.all();
    try {
      for (let call = 0; call < 4; call += 1) {
        now.mock.mockImplementation(() => startMs + call * 3_000);
        await ledger.reverse('a-debit', 'test');
      }
      expect(probe).toMatchObject({ name: 'ledger', required: false });
      await expect(probe?.check()).rejects.toThrow('http_status_5xx');
      // An answer is one, whatever it says.
      await ledger.lookup('a-debit');
      now.mock.mockImplementation(() => startMs + 20_000);
      await expect(probe?.check()).resolves.toBeUndefined();
    } finally {
      now.mock.restore();
    }
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
