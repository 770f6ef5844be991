export interface RetryRule {
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * Wait before the next attempt: doubling with each attempt that counted, never above the ceiling, of which the second
 * half is random, so that scans which failed together do not come back together.
 *
 * @param tries attempts that counted so far, at least 1
 * @param random a number in [0, 1)
 */
export function retryDelayMs(rule: RetryRule, tries: number, random: number): number {
  const ceilingMs = Math.min(rule.maxMs, rule.baseMs * 2 ** Math.min(tries - 1, 30));
  return Math.round(ceilingMs / 2 + (ceilingMs / 2) * random);
}

/**
 * The least wait after an answer that says the fault is ours. It ends when the fault is corrected, or when the call
 * meets a server of Alipay+ that knows our new key; hundreds of milliseconds change neither, two seconds are still
 * short for a payer.
 */
export function ownFaultDelayMs(random: number): number {
  return Math.round(2_000 + 1_000 * random);
}

/** When a scan is decoded that came while the line was stopped: not all of them together with the first call. */
export function afterStopMs(stopMs: number, random: number): number {
  return Math.round(stopMs * (1 + 0.5 * random));
}

/** How long all processes pause after Alipay+ asked them to slow down, in ms. */
export function trafficPauseMs(random: number): number {
  return Math.round(1_000 + 500 * random);
}
