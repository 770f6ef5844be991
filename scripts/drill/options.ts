import { randomInt } from 'node:crypto';
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { numberAboveZero, wholeNumber } from '../../command-line/option-values.js';
import { newCommand } from '../../command-line/run-command.js';
import { FAULT_GROUPS, type FaultGroup } from './faults/fault.js';
import type { Backend } from './ground/drill-ground.js';

const NOTES = `
Groups of faults:
  kill      an API, a worker, both workers, everything: kill -9
  freeze    a process stands still (SIGSTOP) for longer than its leases, and goes on
  redis     Redis emptied, killed, killed with its data, stopped; or the table of jobs emptied
  postgres  connections cut, server restarted, crashed, one of its processes killed
  twin      dead, silent, slow, throttling, lying, acknowledging nothing
  ledger    the wallet's core killed, or stopped for longer than it is waited for
  keys      Alipay+ or we sign with another key from one moment to the next
  silence   connections to PostgreSQL that nobody answers and nobody ends, as behind a proxy that forgot them
  failover  the records are on a primary with a synchronous standby: kill -9, the old one fenced, the standby promoted
  runbook   after the others, in the last half: troubles that stay until somebody does what docs/runbook.md says. The
            commands of five entries are read there and run as they stand; a command that fails, an output that is
            missing or a trouble that stays fails the drill

Recovery is the time from the end of a fault (the process says that it is ready, Redis or PostgreSQL answers, the twin
behaves) until everything that was unfinished at that moment has moved on: each scan, debit, reversal and notification
has been tried once more or has ended, each expired or cancelled order is closed, each request that an app had to
repeat is answered. Waits of the retry schedules are part of it.

Alarms are those of ops/alerts.yml, evaluated by a Prometheus where Debian's is installed; elsewhere the drill says that
they were not watched. It ends with those that fired for each fault, and fails when a fault that lasted longer than 30 s
raised none; a change of keys may raise none.

Exit codes: 0 the books agree, 1 they do not (or a process ended by itself, or a long fault raised no alarm), 2 wrong
usage, 130 interrupted.`;

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

/** @param run the drill itself */
export function drillProgram(run: (options: DrillOptions) => Promise<void>) {
  return newCommand(
    'mpp drill',
    'Fault drills on real processes: a PostgreSQL, a Redis, the twin, a core, two APIs and two workers of the ' +
      "drill's own, payers who keep coming, and one fault after the other. At the end our books, the ledger's and " +
      "the twin's must agree.",
  )
    .option('--minutes <n>', 'how long faults are injected, for each backend', numberAboveZero(600), 3)
    .addOption(
      new Option(
        '--backend <name>',
        'where the queues live, one after the other. Without redis-server the Redis half is left out, and the ' +
          'output says so; with REQUIRE_REDIS=1 that is a failure',
      )
        .choices(['postgres', 'redis', 'both'] as const)
        .default('both' as const),
    )
    .option('--faults <group,...>', `of ${FAULT_GROUPS.join(', ')} (default: all)`, groupsIn)
    .option('--rate <n>', 'scans that begin in a second', numberAboveZero(200), 4)
    .option(
      '--seed <n>',
      'draws payers and faults (default: a new one). Times are real, so the same seed is not the same drill',
      wholeNumber(1, 2 ** 32),
    )
    .option('--short', 'for continuous integration: the faults that are soon over, each once, two at a time')
    .option('--keep', 'leave the logs of every program in .data, which happens anyway when it fails')
    .option('--json', 'one JSON document on standard output; progress goes to standard error')
    .addHelpText('after', NOTES)
    .action(({ backend, faults, rate, seed, ...flags }) =>
      run({
        minutes: flags.minutes,
        backends: backend === 'both' ? ['postgres', 'redis'] : [backend],
        groups: faults ?? new Set(FAULT_GROUPS),
        scansPerSecond: rate,
        seed: seed ?? randomInt(1, 1_000_000),
        isShort: flags.short ?? false,
        keepsLogs: flags.keep ?? false,
        isJson: flags.json ?? false,
      }),
    );
}

function groupsIn(text: string): Set<FaultGroup> {
  const names = text.split(',').map((name) => name.trim());
  const groups = names.map((name) => FAULT_GROUPS.find((known) => known === name));
  if (groups.includes(undefined))
    throw new InvalidArgumentError(`They must be among ${FAULT_GROUPS.join(', ')}.`);
  return new Set(groups.filter((group) => group !== undefined));
}
