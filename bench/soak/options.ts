import { parseArgs } from 'node:util';

export interface SoakOptions {
  readonly minutes: number;
  /** Payments a second; half of what a short warm-up finds as the maximum when absent. */
  readonly rate?: number;
  readonly sampleSeconds: number;
  readonly json: boolean;
}

export function readOptions(): SoakOptions {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '30' },
      rate: { type: 'string' },
      'sample-seconds': { type: 'string', default: '10' },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    minutes: positive(values.minutes),
    sampleSeconds: positive(values['sample-seconds']),
    json: values.json,
    ...(values.rate === undefined ? {} : { rate: positive(values.rate) }),
  };
}

function positive(text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`not a number above zero: ${text}`);
  return number;
}
