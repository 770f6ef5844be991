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
/** For each statement; what takes long is kept long, so that there is time for it. */
const STATEMENT_LIMIT_MS = 60_000;

type Present = Omit<SummaryDto, 'lastDay'>;

/** All payments at a glance: what is in doubt, and how the service did lately. Only this place adds it up. */
@Injectable()
export class SummaryService {
  private readonly kept = new KeptAnswer(() => this.read(readPresent));
  private readonly lastDay = new KeptAnswer(() => this.read(readLastDay));

  constructor(private readonly pool: ReadingPool) {}

  /**
   * As it was a few seconds ago, or longer where there is much to count; each part says when.
   *
   * @throws ProblemError `SEARCH_TOO_SLOW` when a statement runs into its limit
   */
  async summary(): Promise<SummaryDto> {
    // One after the other: a summary takes one connection, however long it takes.
    const present = await this.present();
    return { ...present, lastDay: await this.lastDay.look() };
  }

  /** Without the day, which takes longest. Throws likewise. */
  present(): Promise<Present> {
    return this.kept.look();
  }

  /** One state of the rows, so that nothing is counted twice or missed while it moves. */
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
