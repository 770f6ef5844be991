import { Injectable } from '@nestjs/common';
import { Draining } from '../../platform/http/draining.js';
import { PaymentOrderStore } from '../order/payment-order.store.js';
import { ScanStore } from './scan.store.js';

export type Awaited = 'scan' | 'payment';

/** How often the database is asked for all that is waited for, in one statement for each kind. */
const LOOK_EVERY_MS = 250;

/**
 * Lets requests wait for a scan to be decoded or a debit to be settled. What this process settles is reported at once;
 * what another process settles is found by one query for all waiters, so that a thousand long polls cost the database
 * no more than one.
 */
@Injectable()
export class Arrivals {
  private readonly waiting: Record<Awaited, Map<string, Set<() => void>>> = {
    scan: new Map(),
    payment: new Map(),
  };
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly scans: ScanStore,
    private readonly orders: PaymentOrderStore,
    private readonly draining: Draining,
  ) {
    draining.signal.addEventListener('abort', () => this.endWaits());
  }

  /** Resolves when it arrived or the time is over; the caller reads it either way. */
  wait(kind: Awaited, id: string, timeoutMs: number): Promise<void> {
    if (this.draining.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const waiters = this.waiting[kind].get(id) ?? new Set();
      const finish = (): void => {
        clearTimeout(timeout);
        waiters.delete(finish);
        if (waiters.size === 0) this.waiting[kind].delete(id);
        resolve();
      };
      const timeout = setTimeout(finish, timeoutMs);
      waiters.add(finish);
      this.waiting[kind].set(id, waiters);
      this.lookSoon();
    });
  }

  /** Wakes everyone in this process who waits for it. */
  arrived(kind: Awaited, id: string): void {
    for (const finish of this.waiting[kind].get(id) ?? []) finish();
  }

  /** The process stops: everyone who waits is answered with what is known now. */
  private endWaits(): void {
    clearTimeout(this.timer);
    for (const kind of ['scan', 'payment'] as const) {
      for (const id of this.waiting[kind].keys()) this.arrived(kind, id);
    }
  }

  private lookSoon(): void {
    this.timer ??= setTimeout(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  private async look(): Promise<void> {
    try {
      const scanIds = [...this.waiting.scan.keys()];
      const paymentIds = [...this.waiting.payment.keys()];
      const [scans, payments] = await Promise.all([
        scanIds.length > 0 ? this.scans.finished(scanIds) : [],
        paymentIds.length > 0 ? this.orders.settled(paymentIds) : [],
      ]);
      for (const id of scans) this.arrived('scan', id);
      for (const id of payments) this.arrived('payment', id);
    } catch {
      // The database is away for a moment: the next look will tell, and every wait has its end.
    } finally {
      this.timer = undefined;
      if (this.waiting.scan.size + this.waiting.payment.size > 0) this.lookSoon();
    }
  }
}
