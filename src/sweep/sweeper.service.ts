import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventLog } from '../platform/logging/event-log.js';
import { DecodeBacklog } from './decode-backlog.js';
import { Expiry } from './expiry.js';
import type { SweepKind } from './sweep-kind.js';
import { SweepSettings } from './sweep.settings.js';
import { MoneyAlarms } from './money-alarms.js';
import { Retention } from './retention.js';
import { Wakers } from './wakers.js';

/** What need not be looked at with every look. */
const SELDOM_MS = 60_000;
/** Between two looks while more is waiting than may be taken: short, so that calls go out evenly. */
const SOON_MS = 100;

type Look = readonly [
  kind: SweepKind | 'forget' | 'alarm',
  look: () => Promise<number>,
  mayBeMore?: () => boolean,
];

/**
 * Looks after what stands still. Rows say when they are due; a job that should have come and did not is the sweeper's
 * business, so that losing every job, or the whole queue, loses nothing. Any number of them may look at the same time.
 */
@Injectable()
export class SweeperService implements BeforeApplicationShutdown {
  private readonly stopped = new AbortController();
  private running: Promise<unknown> | undefined;
  private readonly lastMs = { forget: performance.now(), alarm: -SELDOM_MS };

  constructor(
    private readonly wakers: Wakers,
    private readonly backlog: DecodeBacklog,
    private readonly expiry: Expiry,
    private readonly alarms: MoneyAlarms,
    private readonly retention: Retention,
    private readonly settings: SweepSettings,
    private readonly log: EventLog,
  ) {}

  /** Each kind is looked for by itself: while the queue is away, a slow Alipay+ must not keep debits waiting. */
  start(): void {
    this.running ??= Promise.all(this.looks().map((look) => this.lookOn(look)));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await this.running;
    await this.backlog.finish();
  }

  /** One look at everything; returns how many rows were woken, told or closed. */
  async sweepOnce(): Promise<number> {
    const found = await Promise.all(this.looks().map(([, look]) => look()));
    return found.reduce((sum, rows) => sum + rows, 0);
  }

  private looks(): readonly Look[] {
    const { graceMs } = this.settings;
    return [
      ['debit', () => this.wakers.wakeDebits()],
      ['decode', () => this.backlog.askDue(graceMs), () => this.backlog.isBehind],
      ['give_up', () => this.backlog.endOverdue(graceMs)],
      ['notify', () => this.wakers.tellDue()],
      ['expiry', () => this.expiry.closeExpired()],
      ['cancel', () => this.expiry.finishCancels(graceMs)],
      ['alarm', () => this.seldom('alarm', () => this.alarms.raise())],
      ['forget', () => this.seldom('forget', () => this.forget())],
    ];
  }

  private async forget(): Promise<number> {
    await this.retention.prune();
    return 0;
  }

  private async seldom(kind: 'forget' | 'alarm', look: () => Promise<number>): Promise<number> {
    if (performance.now() - this.lastMs[kind] < SELDOM_MS) return 0;
    this.lastMs[kind] = performance.now();
    return look();
  }

  private async lookOn([kind, look, mayBeMore]: Look): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      try {
        const found = await look();
        if (found > 0) this.log.event('sweep.found', { kind, rows: found });
      } catch (error) {
        // The database may be away; the rows are still due when it is back.
        this.log.error('sweep.failed', { kind }, error);
      }
      const { intervalMs } = this.settings;
      const waitMs = mayBeMore?.() === true ? Math.min(SOON_MS, intervalMs) : intervalMs;
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
