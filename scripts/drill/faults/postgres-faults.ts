import { setTimeout as sleep } from 'node:timers/promises';
import { DRILL_NAME, type DrillDatabase } from '../ground/drill-database.js';
import type { Fault } from './fault.js';

/** A restarted server loses uncommitted work and every connection, and nothing else. */
export const POSTGRES_FAULTS: readonly Fault[] = [
  {
    group: 'postgres',
    name: 'every connection to PostgreSQL cut',
    isBrief: true,
    run: async ({ database }, random) => {
      for (let round = random.between(1, 5); round > 0; round -= 1) {
        await database.readPatiently(CUT);
        await sleep(random.between(50, 500));
      }
    },
  },
  {
    group: 'postgres',
    name: 'PostgreSQL restarted',
    run: ({ database }) => endPostmaster(database, 'SIGINT'),
  },
  {
    group: 'postgres',
    name: 'PostgreSQL crashed',
    isBrief: true,
    run: ({ database }) => endPostmaster(database, 'SIGQUIT'),
  },
  {
    group: 'postgres',
    name: 'a process of PostgreSQL killed',
    run: async ({ database }) => {
      // One of the service's is enough: the server then ends all others and recovers, because they shared memory.
      const [victim] = await database.readPatiently<{ pid: number }>(OTHERS);
      if (victim === undefined) return;
      const cut = await database.untilCut();
      kill(victim.pid, 'SIGKILL');
      await cut.happened;
      await database.readPatiently('select 1');
    },
  },
];

const OTHERS = `
  select pid from pg_stat_activity
  where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> '${DRILL_NAME}'
  order by random()`;

const CUT = `select pg_terminate_backend(pid) from (${OTHERS}) others`;

const POSTMASTER = `
  select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int as pid,
    pg_postmaster_start_time()::text as "startedAt"`;

interface Postmaster {
  readonly pid: number;
  readonly startedAt: string;
}

/** The keeper of the embedded server restarts it; the fault is over when the new one answers. */
async function endPostmaster(database: DrillDatabase, signal: NodeJS.Signals): Promise<void> {
  const [before] = await database.readPatiently<Postmaster>(POSTMASTER);
  if (before === undefined) throw new Error('PostgreSQL does not say who it is');
  kill(before.pid, signal);
  for (;;) {
    const [now] = await database.readPatiently<Postmaster>(POSTMASTER);
    if (now !== undefined && now.startedAt !== before.startedAt) return;
    await sleep(50);
  }
}

/** It may have ended by itself a moment ago. */
function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
