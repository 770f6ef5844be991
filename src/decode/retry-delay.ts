export interface RetryRule {
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * Wait before the next try: doubling with each try that counted, never above the ceiling, of which the second half is
 * random, so that scans which failed together do not come back together.
 *
 * @param tries tries that counted so far, at least 1
 * @param random a number in [0, 1)
 */
export function retryDelayMs(rule: RetryRule, tries: number, random: number): number {
  const ceilingMs = Math.min(rule.maxMs, rule.baseMs * 2 ** Math.min(tries - 1, 30));
  return Math.round(ceilingMs / 2 + (ceilingMs / 2) * random);
}

/** How long the line stands when our own set-up is at fault, before one call tries whether it was mended. */
export const STANDSTILL_MS = 10_000;

/** When a scan is asked for again that came while the line stood: not all of them with the first call. */
export function afterStandstillMs(random: number): number {
  return Math.round(STANDSTILL_MS * (1 + 0.5 * random));
}

/** How long the whole fleet keeps quiet after being told that it asks too often, in ms. */
export function trafficPauseMs(random: number): number {
  return Math.round(1_000 + 500 * random);
}
