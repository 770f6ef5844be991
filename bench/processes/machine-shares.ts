import type { Ground } from '../compare/ground.js';
import type { PostgresWork } from '../compare/postgres-work.js';
import { machineMs, processMs } from '../compare/processor-use.js';
import type { Round } from '../compare/load.js';

/** The processor time of a round by program, each as a share of the machine. */
export interface MachineShares {
  readonly service: number;
  readonly postgres: number;
  readonly standIn: number;
  /** The bench itself, which makes the requests. */
  readonly generator: number;
  /** All other programs, and the system itself. */
  readonly others: number;
  readonly idle: number;
}

export type SharedRound = Round & MachineShares;

export async function withShares<Found extends Round>(
  { standIn }: Ground,
  postgres: PostgresWork,
  work: () => Promise<Found>,
): Promise<Found & MachineShares> {
  const look = () => {
    const { user, system } = process.cpuUsage();
    return {
      postgres: postgres.cpuMs(),
      standIn: processMs(standIn.pid),
      generator: (user + system) / 1_000,
      ...machineMs(),
    };
  };
  const before = look();
  const round = await work();
  const after = look();
  const all = after.busy + after.idle - before.busy - before.idle;
  const share = (of: keyof typeof before): number => (after[of] - before[of]) / all;
  const known = {
    service: (round.cpuMs * round.requests) / all,
    postgres: share('postgres'),
    standIn: share('standIn'),
    generator: share('generator'),
  };
  const sum = known.service + known.postgres + known.standIn + known.generator;
  return { ...round, ...known, others: share('busy') - sum, idle: share('idle') };
}
