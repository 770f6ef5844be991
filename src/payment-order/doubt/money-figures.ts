import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { KeptAnswer } from '../../platform/kept-answer.js';
import { Database } from '../../platform/database/database.js';
import type { Query } from '../../platform/database/reading-pool.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { doubtSums, PENDING_SCANS, type DoubtRow, type PendingScansRow } from './doubts.js';

interface Figures {
  readonly doubts: readonly DoubtRow[];
  readonly pending: PendingScansRow;
  readonly now: Date;
}

/** A slow database must not make figures vanish: then the previous ones are shown. */
const SOON_MS = 500;
const FRESH_MS = 60_000;
/** As often as figures are usually scraped: alarms depend on their age. */
const MOST_KEPT_MS = 15_000;

/**
 * Money in doubt and scans without an answer, as numbers. Every process shows the same figures: take the maximum over
 * processes, not the sum.
 */
@Injectable()
export class MoneyFigures {
  private readonly kept = new KeptAnswer(() => this.read(), MOST_KEPT_MS);
  private last: { readonly figures: Figures; readonly atMs: number } | undefined;

  constructor(
    metrics: Metrics,
    private readonly database: Database,
  ) {
    this.registerDoubts(metrics);
    this.registerScans(metrics);
  }

  private registerDoubts(metrics: Metrics): void {
    const gauges = [
      ['money_in_doubt_payments', 'Payments whose money is in doubt.', ({ count }: DoubtRow) => count],
      [
        'money_in_doubt_minor_units',
        'Money in doubt, in minor units of its currency.',
        ({ value }: DoubtRow) => (value === null ? undefined : Number(value)),
      ],
      [
        'money_in_doubt_oldest_age_seconds',
        'How long the oldest of the money in doubt has been so.',
        (row: DoubtRow, now: Date) => (now.getTime() - row.oldest_at.getTime()) / 1_000,
      ],
      [
        'money_in_doubt_due_timestamp_seconds',
        'When the first of the money that has to go back has to be back: the end of the day of Alipay+.',
        ({ due_at: dueAt }: DoubtRow) => dueAt && dueAt.getTime() / 1_000,
      ],
    ] as const;
    for (const [name, help, valueOf] of gauges) {
      metrics.gauge({
        name,
        help: `${help} By kind of doubt and currency; nothing where nothing is in doubt.`,
        labels: ['doubt', 'currency'],
        collect: async (gauge) => {
          const { doubts, now } = await this.figures();
          gauge.reset();
          for (const row of doubts) {
            const value = valueOf(row, now);
            if (value != null) gauge.set({ doubt: row.doubt, currency: row.currency ?? 'none' }, value);
          }
        },
      });
    }
  }

  private registerScans(metrics: Metrics): void {
    const gauges = [
      ['scans_pending', 'Scans of which Alipay+ has not said what they are.', 'pending'],
      ['scans_overdue', 'Scans whose window is over and that nobody has ended.', 'overdue'],
      [
        'scans_oldest_pending_seconds',
        'Age of the oldest pending scan; 0 when there is none.',
        'oldest_seconds',
      ],
    ] as const;
    for (const [name, help, column] of gauges) {
      metrics.gauge({
        name,
        help,
        collect: async (gauge) => gauge.set((await this.figures()).pending[column]),
      });
    }
  }

  private figures(): Promise<Figures> {
    const { last } = this;
    const looking = this.kept.look();
    if (!last || performance.now() - last.atMs > FRESH_MS) return looking;
    return Promise.race([looking, sleep(SOON_MS, last.figures, { ref: false })]);
  }

  private async read(): Promise<Figures> {
    const figures = await this.readNow();
    this.last = { figures, atMs: performance.now() };
    return figures;
  }

  /** From the primary: alarms depend on these, and a replica may lag or be away. */
  private readNow(): Promise<Figures> {
    return this.database.transaction(async (transaction) => {
      const ask = <Row>(name: string, { text, values }: Query) =>
        transaction.run<Row>({ name, text }, values);
      const [pending] = await ask<PendingScansRow>('money_pending_scans', PENDING_SCANS);
      if (!pending) throw new Error('a count had no row');
      const { now } = pending;
      return { pending, now, doubts: await ask<DoubtRow>('money_doubts', doubtSums(now)) };
    });
  }
}
