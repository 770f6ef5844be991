import { parseArgs } from 'node:util';

export interface BacklogOptions {
  /** Scans that wait to be asked for again when a round begins. */
  readonly pending: number;
  readonly rounds: number;
  /** How long the drain is watched in all rounds together; it ends earlier when nothing waits any more. */
  readonly minutes: number;
  /** Calls a second that may ask again; the service's own default when absent. */
  readonly rate: number;
  /** New scans a second, in every phase. */
  readonly fresh: number;
  /** How long nothing waits before, between and after the rounds. */
  readonly idleSeconds: number;
  readonly workers: number;
  readonly json: boolean;
}

export function readOptions(): BacklogOptions {
  const { values } = parseArgs({
    options: {
      pending: { type: 'string', default: '50000' },
      rounds: { type: 'string', default: '3' },
      minutes: { type: 'string', default: '6' },
      rate: { type: 'string', default: '50' },
      fresh: { type: 'string', default: '30' },
      'idle-seconds': { type: 'string', default: '60' },
      workers: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    pending: wholeNumber(values.pending),
    rounds: wholeNumber(values.rounds),
    minutes: positive(values.minutes),
    rate: wholeNumber(values.rate),
    fresh: positive(values.fresh),
    idleSeconds: positive(values['idle-seconds']),
    workers: wholeNumber(values.workers),
    json: values.json,
  };
}

function wholeNumber(text: string): number {
  const number = positive(text);
  if (!Number.isSafeInteger(number)) throw new Error(`not a count: ${text}`);
  return number;
}

function positive(text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`not a number above zero: ${text}`);
  return number;
}
