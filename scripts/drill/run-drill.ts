import { setTimeout as sleep } from 'node:timers/promises';
import { SeededRandom } from '../simulate/engine/seeded-random.js';
import { compareBooks, readThreeBooks, type ThreeBooks } from './books/compare-books.js';
import type { Discrepancy } from './books/discrepancy.js';
import { chosenFaults } from './faults/all-faults.js';
import { Injector, type Injected, type InjectorOptions } from './faults/injector.js';
import { prepareGround, type Backend, type DrillGround } from './ground/drill-ground.js';
import type { LogFolder } from './ground/log-folder.js';
import type { Undo } from './ground/undo.js';
import { Load } from './load/load.js';
import { Troubles } from './load/troubles.js';
import { WalletApp } from './load/wallet-app.js';
import type { DrillOptions } from './options.js';
import { watchAlarms } from './report/alarm-watch.js';
import { unhelpful, unnoticed } from './report/alarms.js';
import { RecoveryWatch } from './recovery/recovery-watch.js';
import { comeToRest, inquireAll } from './rest.js';
import type { FollowedEntry } from './runbook/entry-steps.js';
import type { Progress } from './report/progress.js';

export interface Drill {
  readonly backend: Backend;
  readonly seed: number;
  /** From the first scan to the comparison. */
  readonly tookMs: number;
  readonly books: ThreeBooks;
  readonly injected: readonly Injected[];
  /** The number of requests that apps had to repeat, by failure. */
  readonly repeated: ReadonlyMap<string, number>;
  readonly inquiries: number;
  readonly discrepancies: readonly Discrepancy[];
  /** The runbook entries followed. */
  readonly followed: readonly FollowedEntry[];
  /** Other failures: stories of payers that broke off, processes that ended by themselves. */
  readonly mishaps: readonly string[];
}

/** Lifetimes of orders and windows of scans, in a drill of minutes and in one of seconds. */
const PACE = { orderLifeS: 30, decodeWindowMs: 30_000, pairs: 0.25, quietMs: 3_000 };
const SHORT_PACE = { orderLifeS: 8, decodeWindowMs: 8_000, pairs: 1, quietMs: 400 };

/** The twin gets another address now and then, as a balancer would distribute its calls. */
const OTHER_API_MS = 4_000;

/** The tools of a drill. */
export interface DrillTools {
  readonly progress: Progress;
  readonly folder: LogFolder;
  /** Ends everything that was started. */
  readonly undo: Undo;
  /** Prometheus is there to evaluate the rules. */
  readonly watchesAlarms: boolean;
  /** It also follows the entries of the runbook. */
  readonly followsRunbook: boolean;
}

/** Runs one drill on one backend, from an empty database to the comparison. */
export async function runDrill(
  backend: Backend,
  options: DrillOptions,
  { progress, folder, undo, watchesAlarms, followsRunbook }: DrillTools,
): Promise<Drill> {
  progress.say(
    `starting PostgreSQL, ${backend === 'redis' ? 'Redis, ' : ''}the twin, a wallet's core, two APIs, two workers`,
  );
  const pace = options.isShort ? SHORT_PACE : PACE;
  const ground = await prepareGround(
    { backend, folder, decodeWindowMs: pace.decodeWindowMs, isPaired: failsOver(backend, options) },
    undo,
  );
  const firedSince = watchesAlarms ? await watchAlarms(ground, folder, undo) : undefined;
  const troubles = new Troubles();
  const app = new WalletApp({ apiUrls: ground.apiUrls, token: ground.tokens.walletApp, troubles });
  const load = new Load({
    shop: { app, twin: ground.twin },
    random: new SeededRandom(options.seed),
    scansPerSecond: options.scansPerSecond,
    mark: backend,
    orderLifeS: pace.orderLifeS,
  });
  const startedAt = performance.now();
  progress.follow(load, ground.endedByThemselves);
  load.start();
  const injected = await injectFaults(ground, options, {
    ...pace,
    troubles,
    progress,
    followsRunbook,
    ...(firedSince && { firedSince }),
  });
  progress.say('no more faults and no more payers; everything comes to rest');
  await load.stop();
  await ground.postgres.settled();
  const left = await comeToRest(ground);
  for (const { what, id } of left.slice(0, 20)) progress.say(`has not come to rest: ${what} ${id}`);
  const inquiries = await inquireAll(ground);
  const books = await readThreeBooks(
    (text) => ground.database.readPatiently(text),
    ground.twin.url,
    (text) => ground.ledger.database.readPatiently(text),
  );
  return {
    backend,
    seed: options.seed,
    tookMs: performance.now() - startedAt,
    books,
    injected,
    repeated: troubles.counts,
    inquiries,
    followed: ground.followed,
    discrepancies: compareBooks(books, load.witnesses),
    mishaps: [
      ...ground.endedByThemselves,
      ...load.brokenOff.map((why) => `an app gave up: ${why}`),
      ...unnoticed(injected),
      ...unhelpful(ground.followed),
    ],
  };
}

function failsOver(backend: Backend, options: DrillOptions): boolean {
  return chosenFaults({ ...options, backend }).some(({ group }) => group === 'failover');
}

async function injectFaults(
  ground: DrillGround,
  { isShort, groups, minutes, seed }: DrillOptions,
  tools: Pick<InjectorOptions, 'pairs' | 'quietMs' | 'firedSince'> & {
    troubles: Troubles;
    progress: Progress;
    followsRunbook: boolean;
  },
): Promise<Injected[]> {
  const chosen = chosenFaults({ backend: ground.backend, groups, isShort });
  const faults = chosen.filter(({ group }) => group !== 'runbook');
  const entries = chosen.filter(({ group }) => group === 'runbook');
  const watch = new RecoveryWatch((text) => ground.database.readPatiently(text), tools.troubles);
  const injector = new Injector({
    ground,
    random: new SeededRandom(seed + 1),
    faults,
    watch,
    pairs: tools.pairs,
    quietMs: tools.quietMs,
    ...(tools.firedSince && { firedSince: tools.firedSince }),
    onInjected: (injected) => tools.progress.injected(injected),
  });
  const endAt = performance.now() + minutes * 60_000;
  const turning = turnTwin(ground);
  const injected = await injector
    .injectUntil((count) =>
      isShort || faults.length === 0 ? count >= faults.length : performance.now() >= endAt,
    )
    .finally(() => turning.abort());
  // Afterwards: the commands of the entries need processes that no fault takes down.
  return tools.followsRunbook ? [...injected, ...(await injector.injectEach(entries))] : injected;
}

function turnTwin({ twin, apiUrls }: DrillGround): AbortController {
  const over = new AbortController();
  const turn = async (): Promise<void> => {
    for (let turns = 1; !over.signal.aborted; turns += 1) {
      await sleep(OTHER_API_MS, undefined, { signal: over.signal }).catch(() => undefined);
      await twin.behave({ mppBaseUrl: apiUrls[turns % apiUrls.length] }).catch(() => undefined);
    }
  };
  void turn();
  return over;
}
