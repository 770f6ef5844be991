/** Waits for work, but no longer than whoever asked for it can wait; the work goes on either way. */
export async function withPatience(work: Promise<unknown>, patienceMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise((resolve) => (timer = setTimeout(resolve, patienceMs)));
  await Promise.race([work, over]);
  clearTimeout(timer);
}
