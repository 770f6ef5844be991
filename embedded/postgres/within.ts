/**
 * Waits for `work`, but no longer than the limit.
 *
 * @throws WaitedInVain naming what it waited for
 */
export async function within<Result>(limitMs: number, what: string, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new WaitedInVain(limitMs, what)), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

export class WaitedInVain extends Error {
  override readonly name = 'WaitedInVain';

  constructor(limitMs: number, what: string) {
    super(`waited ${limitMs / 1000} s in vain until ${what}`);
  }
}
