import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { HttpSettings } from './http.settings.js';

/**
 * How this process leaves: first it says so (readiness) and goes on serving for a while, then it refuses new
 * requests and lets those in flight finish. Long waits listen to `signal` to end early.
 */
@Injectable()
export class Draining implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly controller = new AbortController();
  private leaving = false;

  constructor(private readonly settings: HttpSettings) {}

  /** A stop was asked for; load balancers should look elsewhere. */
  get isLeaving(): boolean {
    return this.leaving;
  }

  /** New requests are refused. */
  get isRefusing(): boolean {
    return this.controller.signal.aborted;
  }

  /** Aborted when new requests are refused: whoever holds a request open should answer it now. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  onModuleDestroy(): void {
    this.leaving = true;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.leaving = true;
    if (this.settings.shutdownDelayMs > 0) await sleep(this.settings.shutdownDelayMs);
    this.controller.abort();
  }
}
