/**
 * Wait before the next try of a notification: the schedule step by step, its last step for ever after, spread either
 * way so that notifications which failed together do not come back together.
 *
 * @param tries tries made so far, at least 1
 * @param jitter how far a step is spread, as a share of it
 * @param random a number in [0, 1)
 */
export function nextTryMs(
  scheduleMs: readonly number[],
  tries: number,
  jitter: number,
  random: number,
): number {
  const stepMs = scheduleMs[Math.min(tries, scheduleMs.length) - 1];
  if (stepMs === undefined)
    throw new Error('a notification schedule has at least one step and tries start at 1');
  return Math.round(stepMs * (1 + jitter * (2 * random - 1)));
}
