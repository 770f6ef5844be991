import { execFile } from 'node:child_process';
import { relative } from 'node:path';
import { promisify } from 'node:util';
import { Exit, runProgramAndLeave } from '../command-line/run-command.js';
import { discrepancyLine } from './drill/books/discrepancy.js';
import type { Backend } from './drill/ground/drill-ground.js';
import { LogFolder } from './drill/ground/log-folder.js';
import { Undo } from './drill/ground/undo.js';
import { drillProgram, type DrillOptions } from './drill/options.js';
import { figuresOf, type DrillFigures } from './drill/report/figures.js';
import { drillText } from './drill/report/print-drill.js';
import { Progress } from './drill/report/progress.js';
import { runDrill, type DrillTools } from './drill/run-drill.js';
import { hasPrometheus, NOT_INSTALLED } from './observe/prometheus.js';

/** Everything that a drill has running; Ctrl-C ends it too. */
const undo = new Undo();
let isInterrupted = false;

export const command = drillProgram(drill);

async function drill(options: DrillOptions): Promise<void> {
  endAtSignals();
  const say = (line: string): void =>
    void (options.isJson ? process.stderr : process.stdout).write(`${line}\n`);
  const backends = await possible(options.backends, say);
  const watchesAlarms = await canWatchAlarms(say);
  const drills: DrillFigures[] = [];
  for (const backend of backends) {
    const figures = await drillOn(backend, options, {
      say,
      watchesAlarms,
      // Once is enough: the entries do not depend on the backend of the queues.
      followsRunbook: backend === backends.at(-1),
    });
    drills.push(figures);
    say(drillText(figures));
  }
  if (options.isJson) process.stdout.write(`${JSON.stringify({ drills }, null, 2)}\n`);
  if (!drills.every(({ agree }) => agree)) throw new Exit(1);
}

async function drillOn(
  backend: Backend,
  options: DrillOptions,
  { say, ...tools }: Pick<DrillTools, 'watchesAlarms' | 'followsRunbook'> & { say: (line: string) => void },
): Promise<DrillFigures> {
  const progress = new Progress(say);
  const folder = await LogFolder.make();
  undo.add(() => folder.close());
  try {
    const drill = await runDrill(backend, options, { ...tools, progress, folder, undo });
    const lines = [...drill.discrepancies.map(discrepancyLine), ...drill.mishaps];
    folder.isKept = lines.length > 0 || options.keepsLogs;
    return figuresOf(drill, lines);
  } catch (error) {
    folder.isKept = !isInterrupted;
    throw error;
  } finally {
    progress.stop();
    if (folder.isKept) say(`logs are in ${relative('.', folder.directory)}`);
    await undo.run();
  }
}

/** The halves of the drill that can run here. */
async function possible(backends: readonly Backend[], say: (line: string) => void): Promise<Backend[]> {
  if (!backends.includes('redis') || (await hasRedis())) return [...backends];
  if (process.env['REQUIRE_REDIS'] === '1')
    throw new Error('redis-server is not installed, and REQUIRE_REDIS is 1');
  say('LEFT OUT, redis-server is not installed: the drill with queues in Redis');
  return backends.filter((backend) => backend !== 'redis');
}

/** A drill without alarms still compares the books. */
async function canWatchAlarms(say: (line: string) => void): Promise<boolean> {
  if (await hasPrometheus()) return true;
  if (process.env['REQUIRE_PARTS'] === '1') throw new Error(`${NOT_INSTALLED}; REQUIRE_PARTS is 1`);
  say(`LEFT OUT, alarms are not watched: ${NOT_INSTALLED}`);
  return false;
}

function hasRedis(): Promise<boolean> {
  return promisify(execFile)('redis-server', ['--version']).then(
    () => true,
    () => false,
  );
}

function endAtSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      isInterrupted = true;
      process.stderr.write(`\n${signal}: ending everything that was started …\n`);
      void undo.run().finally(() => process.exit(130));
    });
  }
}

await runProgramAndLeave(import.meta.url, command);
