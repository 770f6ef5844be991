import { count } from './count.js';

/** How long and how hard the service is driven, as every bench that does so is told it. */
export interface RoundOptions {
  readonly rounds: number;
  /** Of each contender in a round; all of them are then confirmed. */
  readonly scans: number;
  readonly connections: number;
  readonly json: boolean;
}

/** For `parseArgs`. */
export const ROUND_OPTIONS = {
  rounds: { type: 'string', default: '7' },
  scans: { type: 'string', default: '2000' },
  connections: { type: 'string', default: '32' },
  json: { type: 'boolean', default: false },
} as const;

interface Told {
  readonly rounds: string;
  readonly scans: string;
  readonly connections: string;
  readonly json: boolean;
}

export function roundOptions({ rounds, scans, connections, json }: Told): RoundOptions {
  return { rounds: count(rounds), scans: count(scans), connections: count(connections), json };
}
