/** Waits for work, but no longer than its caller can wait; the work goes on either way. */
export async function withPatience(work: Promise<unknown>, patienceMs: number): Promise<void> {
  await within(work, patienceMs);
}

/** The result of the work; undefined when it takes longer than the caller can wait. */
export async function within<T>(work: Promise<T>, patienceMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMs);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
