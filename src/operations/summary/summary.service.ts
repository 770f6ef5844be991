import { Injectable } from '@nestjs/common';
import { DOUBTS, doubtSums, type DoubtRow } from '../../payment-order/doubt/doubts.js';
import { ReadingPool, type SnapshotReader } from '../../platform/database/reading-pool.js';
import { inTime } from '../search/search.service.js';
import { shownAmount } from '../search/search.view.js';
import { activityBefore } from './activity.js';
import { KeptAnswer } from '../../platform/kept-answer.js';
import type { ActivityDto, DoubtSumDto, SummaryDto } from './summary.dto.js';
import { NOW } from './summary.sql.js';

const HOUR_MINUTES = 60;
const DAY_MINUTES = 24 * HOUR_MINUTES;
/** For each statement. An answer that took long is also kept long, so this limit may be long. */
const STATEMENT_LIMIT_MS = 60_000;

type Present = Omit<SummaryDto, 'lastDay'>;

/** All payments at a glance: those in doubt, and the recent activity. Nothing else adds these up. */
@Injectable()
export class SummaryService {
  private readonly kept = new KeptAnswer(() => this.read(readPresent));
  private readonly lastDay = new KeptAnswer(() => this.read(readLastDay));

  constructor(private readonly pool: ReadingPool) {}

  /**
   * The summary, a few seconds old, or older where there is much to count; each part has its time.
   *
   * @throws ProblemError `SEARCH_TOO_SLOW` when a statement reaches its time limit
   */
  async summary(): Promise<SummaryDto> {
    // One after the other, so that a summary uses one connection, however long it takes.
    const present = await this.present();
    return { ...present, lastDay: await this.lastDay.look() };
  }

  /**
   * The summary without the day, which takes longest.
   *
   * @throws ProblemError `SEARCH_TOO_SLOW`
   */
  present(): Promise<Present> {
    return this.kept.look();
  }

  /** One snapshot of the rows, so that a moving payment is neither missed nor counted twice. */
  private read<Part>(part: (reader: SnapshotReader, now: Date) => Promise<Part>): Promise<Part> {
    return inTime(async () => {
      const reader = await this.pool.openSnapshot(STATEMENT_LIMIT_MS);
      try {
        const [clock] = await reader.run<{ now: Date }>(NOW);
        if (!clock) throw new Error('the database did not return its time');
        return await part(reader, clock.now);
      } finally {
        await reader.close();
      }
    });
  }
}

async function readPresent(reader: SnapshotReader, now: Date): Promise<Present> {
  const doubts = await reader.run<DoubtRow>(doubtSums(now));
  return {
    at: now,
    doubts: doubts.map((row) => doubtSumOf(row, now)).toSorted(byDoubt),
    lastHour: await activityBefore(reader, now, HOUR_MINUTES),
  };
}

function readLastDay(reader: SnapshotReader, now: Date): Promise<ActivityDto> {
  return activityBefore(reader, now, DAY_MINUTES);
}

function doubtSumOf(row: DoubtRow, now: Date): DoubtSumDto {
  const { doubt, currency, count, value, oldest_at: oldestAt, due_at: dueAt } = row;
  const sum = shownAmount(currency, value);
  return {
    doubt,
    count,
    oldestAt,
    oldestAgeMs: Math.max(0, now.getTime() - oldestAt.getTime()),
    ...(sum && { sum }),
    ...(dueAt && { dueAt }),
  };
}

function byDoubt(one: DoubtSumDto, other: DoubtSumDto): number {
  const order = DOUBTS.indexOf(one.doubt) - DOUBTS.indexOf(other.doubt);
  return order || (one.sum?.currency ?? '').localeCompare(other.sum?.currency ?? '');
}
