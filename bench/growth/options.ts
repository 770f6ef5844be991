import { parseArgs } from 'node:util';
import { count } from '../compare/count.js';
import { ROUND_OPTIONS, roundOptions, type RoundOptions } from '../compare/round-options.js';

export interface GrowthOptions extends RoundOptions {
  /** Orders that are there before the first scan. */
  readonly small: number;
  readonly large: number;
}

export function readOptions(): GrowthOptions {
  const { values } = parseArgs({
    options: {
      ...ROUND_OPTIONS,
      small: { type: 'string', default: '10000' },
      large: { type: 'string', default: '5000000' },
    },
  });
  return { ...roundOptions(values), small: count(values.small), large: count(values.large) };
}
