import { execFile } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../embedded/postgres/free-port.js';
import { GuardedChild } from '../drill/programs/guarded-child.js';
import { ofProject } from '../mpp/root.js';

interface FiredAlarm {
  readonly name: string;
  readonly severity: string;
}

export interface RunningPrometheus {
  readonly url: string;
  /** The alarms that were firing at any moment between the two. */
  firedBetween(from: Date, to: Date): Promise<FiredAlarm[]>;
  stop(): Promise<void>;
}

export const NOT_INSTALLED =
  'prometheus is not installed, so no alarm is evaluated; on Debian: apt-get install prometheus';

const HOST = '127.0.0.1';
const READY_MS = 30_000;
/** Short, so that a fault of seconds is seen; in production 15 s are usual. */
const INTERVAL = '1s';

export function hasPrometheus(): Promise<boolean> {
  return promisify(execFile)('prometheus', ['--version']).then(
    () => true,
    () => false,
  );
}

/**
 * A Prometheus with the alarms of `ops/alerts.yml`, in a folder that is deleted with it.
 *
 * @param targets `host:port` of each process
 */
export async function startPrometheus(
  folder: string,
  targets: readonly string[],
  onText: (text: string) => void,
): Promise<RunningPrometheus> {
  const directory = join(resolve(folder), 'prometheus');
  await mkdir(directory, { recursive: true });
  await copyFile(ofProject('ops/alerts.yml'), join(directory, 'alerts.yml'));
  const settings = {
    global: { scrape_interval: INTERVAL, evaluation_interval: INTERVAL },
    rule_files: ['alerts.yml'],
    scrape_configs: [{ job_name: 'mpp-payments', static_configs: [{ targets }] }],
  };
  // JSON is YAML.
  await writeFile(join(directory, 'prometheus.yml'), JSON.stringify(settings));
  const port = await freePort(HOST, 0);
  const child = await GuardedChild.start(
    'prometheus',
    [
      `--config.file=${join(directory, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=${HOST}:${port}`,
      '--log.level=warn',
    ],
    { deletes: directory, onErrorText: onText, onLine: (line) => onText(`${line}\n`) },
  );
  const url = `http://${HOST}:${port}`;
  try {
    await untilReady(url, child);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return {
    url,
    firedBetween: (from, to) => firedBetween(url, from, to),
    stop: async () => {
      await child.stop();
    },
  };
}

async function untilReady(url: string, child: GuardedChild): Promise<void> {
  const giveUpAt = Date.now() + READY_MS;
  for (;;) {
    const isReady = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    if (!child.isRunning || Date.now() > giveUpAt) throw new Error('prometheus did not start');
    await sleep(100);
  }
}

interface Matrix {
  readonly data: { readonly result: readonly { readonly metric: Readonly<Record<string, string>> }[] };
}

async function firedBetween(url: string, from: Date, to: Date): Promise<FiredAlarm[]> {
  const query = new URLSearchParams({
    query: 'max by (alertname, severity) (ALERTS{alertstate="firing"})',
    start: from.toISOString(),
    end: to.toISOString(),
    step: INTERVAL,
  });
  const answer = await fetch(`${url}/api/v1/query_range?${query.toString()}`);
  if (!answer.ok) throw new Error(`prometheus answered ${answer.status}: ${await answer.text()}`);
  const { data } = (await answer.json()) as Matrix; // as its API describes it
  return data.result
    .map(({ metric }) => ({ name: metric['alertname'] ?? '', severity: metric['severity'] ?? '' }))
    .toSorted((one, other) => one.name.localeCompare(other.name));
}
