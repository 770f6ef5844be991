import { parseArgs } from 'node:util';
import { ROUND_OPTIONS, roundOptions, type RoundOptions } from './round-options.js';

export interface BenchOptions extends RoundOptions {
  /** Leaves the naive peer out, for a quicker look. */
  readonly naive: boolean;
  /** Writes a CPU profile of every server in the last round beside the plot. */
  readonly profile: boolean;
}

export function readOptions(): BenchOptions {
  const { values } = parseArgs({
    options: {
      ...ROUND_OPTIONS,
      rounds: { type: 'string', default: '5' },
      'no-naive': { type: 'boolean', default: false },
      'cpu-prof': { type: 'boolean', default: false },
    },
  });
  return { ...roundOptions(values), naive: !values['no-naive'], profile: values['cpu-prof'] };
}
