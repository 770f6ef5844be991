import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { Json } from '../support/service/api-client.js';
import { describeWithPart } from '../support/parts/describe-with-part.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';
import { untilNotified } from '../support/service/until-notified.js';

jest.setTimeout(120_000);

/** The limit after all stories, with room for more of them; each series costs storage. */
const MOST_SERIES = 1_000;
const FEW = 5;

let test: TestService;

/** Each way that a payment can go, and hostile callers; ids and codes differ every time. */
async function tellStories(): Promise<void> {
  const { app, operator } = test;
  const code = (script: string): string => `twin:${script}#${randomUUID()}`;
  const paid = async (script: string) => {
    const payment = await app.decodedPayment(code(script));
    expect((await app.confirm(payment)).body.status).toBe('PAID');
    return payment;
  };
  const [plain, rejected, , unacknowledged] = await Promise.all([
    paid('S'),
    paid('S;notify=F.ORDER_NOT_EXIST'),
    paid('U,U,S;pay=1000JPY;payTo=8518HKD;rate=8.5614'),
    paid('S;notify=U,S'),
    app.scan(code('F.EXPIRED_CODE')),
    app.scan(
      code(
        `F.ODD_${randomUUID()
          .replaceAll(/[^a-f]/g, '')
          .toUpperCase()}`,
      ),
    ),
    app.decline((await app.decodedPayment(code('S'))).paymentId),
    app.confirm(await app.decodedPayment(code('S'), 'customer-poor')),
    app.raw(`/v1/payments/${randomUUID()}`, {}),
    fetch(`${test.url}/${randomUUID()}`, { method: 'PROPFIND' }),
    fetch(`${test.url}/aps/api/v1/payments/inquiryPayment`, {
      method: 'POST',
      body: '{}',
      headers: { 'client-id': randomUUID() },
    }),
  ]);
  await untilNotified(operator, plain.paymentId);
  await untilNotified(operator, unacknowledged.paymentId);
  await untilNotified(operator, rejected.paymentId, 'REJECTED');
  await test.books.inquire(plain.paymentRequestId);
  await test.books.refund(plain.paymentRequestId, {
    refundRequestId: randomUUID(),
    paymentId: plain.paymentId,
    refundAmount: { currency: 'JPY', value: '100' },
    refundFromAmount: { currency: 'HKD', value: '856' },
  });
  await test.books.cancel(unacknowledged.paymentRequestId);
  await test.books.cancel(randomUUID());
  await until('the money is back', async () => {
    const { body } = await operator.operations(`/payments/${unacknowledged.paymentId}`);
    return body.debits?.at(-1)?.status === 'REVERSED';
  });
}

const scrape = async (): Promise<string> => (await fetch(`${test.url}/metrics`)).text();

const EXPECTED: readonly string[] = [
  'service_info{role="all"}',
  'alipayplus_calls_total{api="userInitiatedPay",outcome="accepted",code="SUCCESS",reason="none"}',
  'alipayplus_calls_total{api="userInitiatedPay",outcome="rejected",code="EXPIRED_CODE",reason="none"}',
  'alipayplus_calls_total{api="userInitiatedPay",outcome="rejected",code="unlisted",reason="none"}',
  'alipayplus_call_duration_seconds_count{api="notifyPayment",outcome="accepted"}',
  'alipayplus_inbound_answers_total{api="refund",status="S",code="SUCCESS"}',
  'alipayplus_inbound_answers_total{api="inquiryPayment",status="F",code="INVALID_CLIENT"}',
  'alipayplus_key_last_used_timestamp_seconds{owner="ours",version="1"}',
  'alipayplus_key_last_used_timestamp_seconds{owner="alipayplus",version="1"}',
  'ledger_calls_total{verb="debit",outcome="done",reason="none"}',
  'ledger_calls_total{verb="debit",outcome="refused",reason="INSUFFICIENT_BALANCE"}',
  'ledger_calls_total{verb="refund",outcome="done",reason="none"}',
  'ledger_call_duration_seconds_count{verb="reverse",outcome="done"}',
  'queue_jobs{queue="decode",state="waiting"}',
  'queue_oldest_wait_seconds{queue="notify"}',
  'queue_failures_total{queue="debit",deed="take"}',
  'scan_ends_total{status="DECODED"}',
  'scan_ends_total{status="REJECTED"}',
  'scans_pending',
  'scans_oldest_pending_seconds',
  'decode_retries_total',
  'decode_budget_used_up_total',
  'money_retries_total{kind="reversal"}',
  'refund_outcomes_total{outcome="refunded"}',
  'health_part_up{part="alipayplus"}',
  'health_part_up{part="ledger"}',
  'money_in_doubt_payments{doubt="DEBITED_NOT_ACKNOWLEDGED",currency="HKD"}',
  'money_in_doubt_oldest_age_seconds{doubt="REJECTED",currency="HKD"}',
  'sweep_oldest_lag_seconds{kind="decode"}',
  'database_pool_connections{pool="work",state="in_use"}',
  'database_pool_waiting{pool="reading"}',
  'nodejs_eventloop_lag_p99_seconds',
  'log_lines_dropped_total',
  'alarms_total{event="notification.rejected"}',
  'alarm_last_timestamp_seconds{event="notification.rejected"}',
  'clock_offset_seconds{peer="alipayplus"}',
  'clock_offset_seconds{peer="database"}',
];

const missingIn = (text: string): string[] => {
  const shown = new Set(seriesIn(text));
  return EXPECTED.filter((series) => !shown.has(series));
};

/** A scrape leaves out values that cannot be read in time, and database figures are some seconds old. */
const whenAllIsTold = (): Promise<string> =>
  until(
    'all is told',
    async () => {
      const text = await scrape();
      return missingIn(text).length === 0 && text;
    },
    60_000,
  ).catch(scrape);

/** Names with labels; values left out. */
function seriesIn(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.slice(0, line.lastIndexOf(' ')));
}

function valuesIn(text: string): Set<string> {
  return new Set(
    seriesIn(text).flatMap((series) => [...series.matchAll(/="([^"]*)"/g)].map(([, value]) => value ?? '')),
  );
}

/** Made by Prometheus itself, by the rules, or from a scrape. */
const OF_PROMETHEUS = /^(up|ALERTS|slo:[a-z_:0-9]+)$/;
const OF_SCRAPES = new Set(['job', 'instance', 'slo', 'alertname', 'severity', 'alertstate']);
const WORDS_OF_PROMQL =
  /\b(sum|max|min|count|by|or|and|rate|increase|abs|absent|vector|time|changes|label_replace|histogram_quantile|on|without)\b/g;

const withoutTexts = (query: string): string => query.replace(/"(?:[^"\\]|\\.)*"/g, '""');

function metricsIn(query: string): string[] {
  const bare = withoutTexts(query)
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replace(/\bby \([^)]*\)/g, ' ')
    .replace(WORDS_OF_PROMQL, ' ');
  return [...bare.matchAll(/[a-zA-Z_:][a-zA-Z0-9_:]*/g)].map(([name]) => name);
}

function labelsIn(query: string): string[] {
  const text = withoutTexts(query);
  const matched = [...text.matchAll(/([a-z_]+)(?:=~|!=|!~|=)"/g)].map(([, label]) => label ?? '');
  const grouped = [...text.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names]) => names?.split(/,\s*/) ?? []);
  return [...matched, ...grouped].filter((label) => label !== '' && label !== 'le');
}

function rulesIn(path: string): string[] {
  const file = load(readFileSync(path, 'utf8')) as {
    groups: { rules: { expr: string }[] }[];
  }; // promtool checks its form
  return file.groups.flatMap(({ rules }) => rules.map(({ expr }) => expr));
}

function queriesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const board: Json = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    return board.panels.flatMap((panel: Json) => (panel.targets ?? []).map(({ expr }: Json) => expr));
  });
}

describe('the metrics, after every kind of story', () => {
  let first: string;
  let text: string;
  beforeAll(async () => {
    test = await startTestService({ callsBack: true });
    await scrape();
    await tellStories();
    first = await whenAllIsTold();
    await tellStories();
    text = await whenAllIsTold();
  });
  afterAll(() => test.stop());

  it('show each fact that a person on call needs first', () => {
    expect(missingIn(text)).toEqual([]);
  });

  it('report no wait for a connection of a pool that has idle ones', async () => {
    const waiting: string[] = [];
    for (let scrapes = 0; scrapes < 5; scrapes += 1)
      waiting.push(...((await scrape()).match(/^database_pool_waiting\{.*$/gm) ?? []));
    expect(waiting.length).toBeGreaterThan(5);
    expect(waiting.filter((line) => !line.endsWith(' 0'))).toEqual([]);
  });

  it('do not grow with ids, codes or callers, and stay few', () => {
    const before = valuesIn(first);
    const added = [...valuesIn(text)].filter((value) => !before.has(value));
    // A rare outcome may come only now; ids would make one series for each of a dozen payments and callers.
    expect(added.slice(FEW)).toEqual([]);
    expect(seriesIn(text).length).toBeLessThan(MOST_SERIES);
  });

  it('name no person and nothing that identifies a payment', () => {
    expect(text).not.toMatch(/twin:|customer-|[0-9a-f]{8}-[0-9a-f]{4}-/);
  });

  it('have every metric that alarms and dashboards use', () => {
    const exposed = new Set(
      [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
        type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
      ),
    );
    const shown = new Set(seriesIn(text).map((series) => series.replace(/\{.*/, '')));
    const labels = new Set([...text.matchAll(/[{,]([a-z_]+)="/g)].map(([, label]) => label));
    const queries = [...rulesIn('ops/alerts.yml'), ...queriesIn('ops/grafana')];
    expect(queries.length).toBeGreaterThan(80);
    for (const query of queries) {
      const unknown = metricsIn(query).filter((name) => !exposed.has(name) && !OF_PROMETHEUS.test(name));
      // A metric without events so far has a name but no labels.
      const isShown = metricsIn(query).every((name) => shown.has(name) || OF_PROMETHEUS.test(name));
      const unlabelled = labelsIn(query).filter(
        (label) => isShown && !labels.has(label) && !OF_SCRAPES.has(label),
      );
      expect({ query, unknown, unlabelled }).toEqual({
        query,
        unknown: [],
        unlabelled: [],
      });
    }
  });

  describeWithPart('promtool', 'their names', () => {
    it('have the format of Prometheus', () => {
      const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
        input: text,
        encoding: 'utf8',
      });
      expect({ status, said: stdout + stderr }).toEqual({
        status: 0,
        said: '',
      });
    });
  });
});
