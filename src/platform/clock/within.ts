/**
 * Waits for work, but no longer than its caller can wait; the work itself goes on.
 *
 * @param late what is returned when the time is up, or throws
 * @example const answer = await within(500, asked, () => undefined);
 */
export async function within<Result, Late>(
  limitMs: number,
  work: Promise<Result>,
  late: () => Late,
): Promise<Result | Late> {
  let timer: NodeJS.Timeout | undefined;
  const isOver = Symbol('the time is up');
  const over = new Promise<typeof isOver>((resolve) => {
    timer = setTimeout(() => resolve(isOver), limitMs);
  });
  try {
    const first = await Promise.race([work, over]);
    return first === isOver ? late() : first;
  } finally {
    clearTimeout(timer);
  }
}
