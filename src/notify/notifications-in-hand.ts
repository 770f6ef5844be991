import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { NotifyFigures } from './notify-figures.js';
import type { PaymentId } from '../payment-order/order/ids.js';

/** The notifications this process has claimed and not finished: waiting for a slot, being sent, or being recorded. */
@Injectable()
export class NotificationsInHand {
  private readonly attempts = new Map<string, Promise<void>>();

  constructor(private readonly figures: NotifyFigures) {}

  get size(): number {
    return this.attempts.size;
  }

  has(paymentId: PaymentId): boolean {
    return this.attempts.has(paymentId);
  }

  add(paymentId: PaymentId, attempt: Promise<void>): void {
    this.attempts.set(paymentId, attempt);
    this.figures.inHand(this.attempts.size);
  }

  remove(paymentId: PaymentId): void {
    this.attempts.delete(paymentId);
    this.figures.inHand(this.attempts.size);
  }

  /** Resolves when all are finished, or after `timeoutMs`. */
  async finish(timeoutMs: number): Promise<void> {
    const giveUp = new AbortController();
    const finished = Promise.all(this.attempts.values()).finally(() => giveUp.abort());
    await Promise.race([finished, sleep(timeoutMs, undefined, { signal: giveUp.signal })]).catch(
      () => undefined,
    );
  }
}
