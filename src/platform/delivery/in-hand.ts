import { within } from '../clock/within.js';

/** What this process has claimed and not finished: waiting for a slot, being sent, or being recorded. */
export class InHand {
  private readonly attempts = new Map<string, Promise<void>>();

  constructor(private readonly onSize: (size: number) => void) {}

  get size(): number {
    return this.attempts.size;
  }

  has(key: string): boolean {
    return this.attempts.has(key);
  }

  add(key: string, attempt: Promise<void>): void {
    this.attempts.set(key, attempt);
    this.onSize(this.attempts.size);
  }

  remove(key: string): void {
    this.attempts.delete(key);
    this.onSize(this.attempts.size);
  }

  /** Resolves when all are finished, or after `timeoutMs`. */
  async finish(timeoutMs: number): Promise<void> {
    await within(timeoutMs, Promise.allSettled(this.attempts.values()), () => undefined);
  }
}
