/** The wait before attempt 2, 3, …: each up to twice as long as the one before, of which half is left to chance. */
export function backoffMs(attempt: number, firstMs = 300, random: number = Math.random()): number {
  const longest = Math.min(8000, firstMs * 2 ** (attempt - 1));
  return longest / 2 + (longest / 2) * random;
}

/** Somewhat later than asked for, so that not every app comes back in the same second. */
export function notBeforeMs(ms: number, random: number = Math.random()): number {
  return ms + Math.min(2000, ms / 4) * random;
}

/** `Retry-After` in either of its forms; undefined for none, or for one that cannot be read. */
export function retryAfterMs(header: string | null, now: number = Date.now()): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const ms = /^\s*\d{1,9}\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** Rejects with the reason of the signal as soon as it is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
