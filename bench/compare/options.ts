import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly rounds: number;
  /** Of each contender in a round; all of them are then confirmed. */
  readonly scans: number;
  readonly connections: number;
  readonly json: boolean;
  /** Leaves the naive peer out, for a quicker look. */
  readonly naive: boolean;
  /** Writes a CPU profile of every server in the last round beside the plot. */
  readonly profile: boolean;
}

export function readOptions(): BenchOptions {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      scans: { type: 'string', default: '2000' },
      connections: { type: 'string', default: '32' },
      json: { type: 'boolean', default: false },
      'no-naive': { type: 'boolean', default: false },
      'cpu-prof': { type: 'boolean', default: false },
    },
  });
  return {
    rounds: count(values.rounds),
    scans: count(values.scans),
    connections: count(values.connections),
    json: values.json,
    naive: !values['no-naive'],
    profile: values['cpu-prof'],
  };
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`not a count: ${text}`);
  return number;
}
