import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { FAULT_GROUPS, type FaultGroup } from './faults/fault.js';
import type { Backend } from './ground/drill-ground.js';

export const USAGE = `Fault drills on real processes: a PostgreSQL, a Redis, the twin, a wallet's core, two APIs and two workers of the
drill's own, payers who keep coming, and one fault after the other. At the end our books, the ledger's and the twin's must agree.

  npm run drill -- [--minutes <n>] [--backend postgres|redis|both] [--faults <group,...>] [--rate <n>] [--seed <n>]
                   [--short] [--keep] [--json]

  --minutes  how long faults are injected, for each backend (default 3); coming to rest is added to it
  --backend  where the queues live (default both, one after the other). Without redis-server the Redis half is left
             out, and the output says so; with REQUIRE_REDIS=1 that is a failure
  --faults   of ${FAULT_GROUPS.join(', ')} (default all):
               kill      an API, a worker, both workers, everything: kill -9
               freeze    a process stands still (SIGSTOP) for longer than its leases, and goes on
               redis     Redis emptied, killed, killed with its data, stopped; or the table of jobs emptied
               postgres  connections cut, server restarted, crashed, one of its processes killed
               twin      dead, silent, slow, throttling, lying, acknowledging nothing
               ledger    the wallet's core killed, or stopped for longer than it is waited for
               keys      Alipay+ or we sign with another key from one moment to the next
  --rate     scans that begin in a second (default 4)
  --seed     draws payers and faults (default: a new one). Times are real, so the same seed is not the same drill
  --short    for continuous integration: the faults that are soon over, each once, two at a time
  --keep     leaves the logs of every program in .data, whatever the end; they are left there anyway when it fails
  --json     one JSON document on standard output; progress goes to standard error

Recovery is the time from the end of a fault (the process says that it is ready, Redis or PostgreSQL answers, the twin
behaves) until everything that was unfinished at that moment has moved on: each scan, debit, reversal and notification
has been tried once more or has ended, each expired or cancelled order is closed, each request that an app had to
repeat is answered. Waits of the retry schedules are part of it.

Exit codes: 0 the books agree, 1 they do not (or a process ended by itself), 2 wrong usage, 130 interrupted.
`;

export interface DrillOptions {
  readonly minutes: number;
  readonly backends: readonly Backend[];
  readonly groups: ReadonlySet<FaultGroup>;
  readonly scansPerSecond: number;
  readonly seed: number;
  readonly isShort: boolean;
  readonly keepsLogs: boolean;
  readonly isJson: boolean;
}

export class UsageError extends Error {}

/** Undefined when only help was asked for. */
export function readOptions(args: readonly string[]): DrillOptions | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  return {
    minutes: numberIn('minutes', values.minutes, 600),
    backends: backendsIn(values.backend),
    groups: groupsIn(values.faults),
    scansPerSecond: numberIn('rate', values.rate, 200),
    seed: values.seed === undefined ? randomInt(1, 1_000_000) : numberIn('seed', values.seed, 2 ** 32),
    isShort: values.short,
    keepsLogs: values.keep,
    isJson: values.json,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        minutes: { type: 'string', default: '3' },
        backend: { type: 'string', default: 'both' },
        faults: { type: 'string', default: FAULT_GROUPS.join(',') },
        rate: { type: 'string', default: '4' },
        seed: { type: 'string' },
        short: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function numberIn(name: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0 && value <= most) return value;
  throw new UsageError(`--${name} must be a number above 0 and up to ${most}`);
}

function backendsIn(text: string): Backend[] {
  if (text === 'both') return ['postgres', 'redis'];
  if (text === 'postgres' || text === 'redis') return [text];
  throw new UsageError('--backend must be postgres, redis or both');
}

function groupsIn(text: string): Set<FaultGroup> {
  const names = text.split(',').map((name) => name.trim());
  const groups = names.map((name) => FAULT_GROUPS.find((known) => known === name));
  if (groups.includes(undefined)) throw new UsageError(`--faults must be among ${FAULT_GROUPS.join(', ')}`);
  return new Set(groups.filter((group) => group !== undefined));
}
