import { setTimeout as sleep } from 'node:timers/promises';
import { Exit } from '../../command-line/run-command.js';
import {
  hasPrometheus,
  NOT_INSTALLED,
  startPrometheus,
  type RunningPrometheus,
} from '../observe/prometheus.js';
import type { DemoClient } from './demo-client.js';

/** Takes about half a minute: a share of a minute's calls, for a quarter of a minute. */
const ALARM_MS = 120_000;
const SCAN_MS = 250;
const AWAITED = 'AlipayPlusUnreachable';

export interface Observed {
  readonly url: string;
  readonly client: DemoClient;
  readonly directory: string;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}

/** @throws Exit where Prometheus is not installed, before anything is started */
export async function requirePrometheus(): Promise<void> {
  if (await hasPrometheus()) return;
  process.stderr.write(`${NOT_INSTALLED}\n`);
  throw new Exit(1);
}

/** Starts a Prometheus for the demo, makes Alipay+ hang up until an alarm fires, and stays until Ctrl-C. */
export async function observe({ url, client, directory, signal }: Observed): Promise<void> {
  const prometheus = await startPrometheus(directory, [new URL(url).host], () => undefined);
  try {
    print(`
  Prometheus  ${prometheus.url}/alerts
  Figures     ${url}/metrics
  Dashboards  ops/grafana, to be imported into a Grafana

From now on Alipay+ hangs up on every call, and payers go on scanning …`);
    await client.tellTwin('/_twin/behaviour', { down: true });
    const isRaised = await scanUntilAlarm(client, prometheus, signal);
    await client.tellTwin('/_twin/behaviour', { down: false });
    if (signal.aborted) return;
    if (!isRaised) throw new Error(`${AWAITED} was not raised within ${ALARM_MS / 1_000} s`);
    print(`
Alipay+ answers again. docs/runbook.md has an entry for each alarm. Prometheus stays until Ctrl-C.`);
    while (!signal.aborted) {
      await client.app('POST', '/v1/scans', scanOf());
      await sleep(SCAN_MS * 4, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await prometheus.stop();
  }
}

async function scanUntilAlarm(
  client: DemoClient,
  prometheus: RunningPrometheus,
  signal: AbortSignal,
): Promise<boolean> {
  const from = new Date();
  const raised = new Set<string>();
  while (!signal.aborted && Date.now() - from.getTime() < ALARM_MS) {
    await client.app('POST', '/v1/scans', scanOf());
    for (const { name, severity } of await prometheus.firedBetween(from, new Date())) {
      if (raised.has(name)) continue;
      raised.add(name);
      const afterS = Math.round((Date.now() - from.getTime()) / 1_000);
      print(`  ${severity.padEnd(6)}  ${name}  after ${afterS} s`);
    }
    if (raised.has(AWAITED)) return true;
    await sleep(SCAN_MS, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

let scans = 0;

function scanOf(): object {
  scans += 1;
  return { codeValue: `twin:S#observed-${scans}`, customerId: 'customer-rich' };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
