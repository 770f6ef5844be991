import { distance } from 'fastest-levenshtein';
import type { Environment } from './platform/config/load-settings.js';

export interface MisspeltSetting {
  /** As it stands in the environment. */
  readonly name: string;
  readonly nearest: string;
}

/**
 * Unused names in the environment that are nearly the name of a setting: their author believes that it is set. An
 * environment is full of names of other programs, so only near ones count.
 *
 * ```ts
 * misspeltSettings({ NOTIFY_CONCURENCY: '8', HOME: '/root' }, ['NOTIFY_CONCURRENCY', 'HOST']);
 * // [{ name: 'NOTIFY_CONCURENCY', nearest: 'NOTIFY_CONCURRENCY' }]
 * ```
 *
 * @param known the names of all settings
 */
export function misspeltSettings(
  environment: Environment,
  known: readonly string[],
): readonly MisspeltSetting[] {
  const readNames = new Set(known);
  return Object.keys(environment).flatMap((name) => {
    // The variables of OpenTelemetry are read too, although they are not settings of ours (docs/traces.md).
    const isRead = readNames.has(name) || name.startsWith('OTEL_');
    const nearest = isRead ? undefined : nearestOf(name, known);
    return nearest === undefined ? [] : [{ name, nearest }];
  });
}

function nearestOf(name: string, known: readonly string[]): string | undefined {
  const written = name.toUpperCase().replaceAll(/[-.]/g, '_');
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const one of known) {
    const steps = isShortened(written, one) ? 1 : distance(written, one);
    if (steps <= mostSteps(one) && steps < least) [nearest, least] = [one, steps];
  }
  return nearest;
}

/** The unit or the `FILE` at its end was left out: `ALIPAYPLUS_PRIVATE_KEY`, `DECODE_WINDOW`. */
function isShortened(written: string, one: string): boolean {
  return (
    written.includes('_') && one.startsWith(`${written}_`) && !one.slice(written.length + 1).includes('_')
  );
}

/** `HOME` is two letters away from `HOST`, `DATABASE_USER` three from `DATABASE_URL`; neither was meant for us. */
function mostSteps({ length }: string): number {
  if (length < 8) return 1;
  return length < 15 ? 2 : 3;
}
