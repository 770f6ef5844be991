import { parseArgs } from 'node:util';
import { count } from '../compare/count.js';

const WHATS = ['speed', 'memory', 'backlog'] as const;
/** Notifications of a round, or of the whole measurement. */
const COUNTS = { speed: '2000', memory: '100000', backlog: '100000' } as const;

export interface NotifyOptions {
  readonly what: (typeof WHATS)[number];
  readonly rounds: number;
  readonly count: number;
  readonly json: boolean;
  /** Writes a CPU profile of the service in its last round. */
  readonly profile: boolean;
  say(line: string): void;
}

export function readOptions(): NotifyOptions {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '7' },
      count: { type: 'string' },
      json: { type: 'boolean', default: false },
      'cpu-prof': { type: 'boolean', default: false },
    },
  });
  const what = WHATS.find((one) => one === (positionals[0] ?? 'speed'));
  if (what === undefined) throw new Error(`measures ${WHATS.join(', ')}`);
  return {
    what,
    rounds: count(values.rounds),
    count: count(values.count ?? COUNTS[what]),
    json: values.json,
    profile: values['cpu-prof'],
    say: values.json ? console.error : console.log,
  };
}
