import { Injectable } from '@nestjs/common';
import { MoneyAlarms } from './money-alarms.js';
import { Retention } from './retention.js';

const MINUTE_MS = 60_000;

/** Sweeps that run once a minute, however often they are called. */
@Injectable()
export class MinuteSweeps {
  private readonly lastMs = { forget: performance.now(), alarm: -MINUTE_MS };

  constructor(
    private readonly alarms: MoneyAlarms,
    private readonly retention: Retention,
  ) {}

  raiseAlarms(): Promise<number> {
    return this.onceAMinute('alarm', () => this.alarms.raise());
  }

  forget(): Promise<number> {
    return this.onceAMinute('forget', async () => {
      await this.retention.prune();
      return 0;
    });
  }

  private async onceAMinute(kind: 'forget' | 'alarm', run: () => Promise<number>): Promise<number> {
    if (performance.now() - this.lastMs[kind] < MINUTE_MS) return 0;
    this.lastMs[kind] = performance.now();
    return run();
  }
}
