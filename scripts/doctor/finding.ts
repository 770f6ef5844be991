import { failureSentence } from '../../command-line/failure-sentence.js';
import { SettingsError } from '../../src/platform/config/load-settings.js';

/** What was seen of one part of the set-up. */
export interface Finding {
  readonly part: string;
  readonly state: 'ok' | 'warning' | 'fault';
  readonly told: string;
}

export const ok = (part: string, told: string): Finding => ({ part, state: 'ok', told });
export const warning = (part: string, told: string): Finding => ({ part, state: 'warning', told });
export const fault = (part: string, told: string): Finding => ({ part, state: 'fault', told });

/** Of settings: each with its rule. */
export function faultsOf(part: string, error: unknown): Finding[] {
  if (error instanceof SettingsError)
    return error.faults.map(({ name, rule }) => fault(part, `${name} ${rule}`));
  return [fault(part, failureSentence(error))];
}

/** One that does not end by itself must not keep the others from being told. */
export async function inTime<Value>(ms: number, work: Promise<Value>, late: () => Error): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const isLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  return Promise.race([work, isLate]).finally(() => clearTimeout(timer));
}
