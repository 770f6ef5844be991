import type { Injected } from '../faults/injector.js';
import type { FollowedEntry } from '../runbook/entry-steps.js';
import { seconds } from './progress.js';

/** A fault that lasts longer has to raise an alarm. */
const LONGEST_SILENT_MS = 30_000;

/** Alarms that look back more than a minute: they stay on long after their cause, into later faults. */
export const LINGERING: ReadonlySet<string> = new Set([
  'AlipayPlusNotVerified',
  'AlipayPlusUnsure',
  'CallersNotVerified',
  'DecodeBudgetUsedUp',
  'ErrorBudgetBurns',
  'ErrorBudgetBurnsFast',
  'ErrorBudgetBurnsSlowly',
  'LogAlarm',
  'LogLinesDropped',
  'MoneyAlarm',
  'ProcessRestarts',
  'TracesNotExported',
]);

/**
 * Of the alarms that fired since a fault began, those that may be its own: one that only lingers says nothing about it.
 */
export function raised({
  before,
  since,
}: {
  readonly before: readonly string[];
  readonly since: readonly string[];
}): string[] {
  return since.filter((name) => !(LINGERING.has(name) && before.includes(name)));
}

/** One sentence for each fault that lasted long and raised no alarm. */
export function unnoticed(injected: readonly Injected[]): string[] {
  return injected
    .flatMap(({ faults }) => faults)
    .filter(
      ({ tookMs, alarms, isPlanned }) =>
        tookMs > LONGEST_SILENT_MS && alarms?.length === 0 && isPlanned !== true,
    )
    .map(({ name, tookMs }) => `no alarm was raised by: ${name} (${seconds(tookMs)})`);
}

/** One sentence for each entry of the runbook that did not help. */
export function unhelpful(followed: readonly FollowedEntry[]): string[] {
  return followed.flatMap(({ entry, failure }) =>
    failure === undefined ? [] : `following ${entry} of the runbook did not help: ${failure}`,
  );
}

/** The alarms that fired during a fault of that name or its recovery; undefined where nobody evaluated them. */
export function alarmsOf(name: string, injected: readonly Injected[]): readonly string[] | undefined {
  const those = injected.flatMap(({ faults }) => faults).filter((fault) => fault.name === name);
  if (those.every(({ alarms }) => alarms === undefined)) return undefined;
  return [...new Set(those.flatMap(({ alarms }) => alarms ?? []))].toSorted();
}
