import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database.js';
import * as sql from './figures.sql.js';
import {
  COUNTED_UP_TO,
  MINUTE_MS,
  quietMinute,
  TOLD_MINUTES,
  type Figures,
  type Minute,
  type Waiting,
} from './figures.js';

/** One process queries the database at most this often, however many pages refresh at the same time. */
const FRESH_MS = 4_000;
/** A row may be committed a little after its minute has ended; until then the minute is read again. */
const SETTLED_AFTER_MINUTES = 2;

interface MinuteRow {
  readonly minute: Date;
  readonly decoded: number;
  readonly paid: number;
  readonly asked: number;
  readonly asked_unknown: number;
  readonly p50_ms: number | null;
  readonly p99_ms: number | null;
  readonly told: number;
  readonly told_unknown: number;
  readonly results_opened: number;
  readonly results_ended: number;
}

interface WaitingRow {
  readonly now: Date;
  readonly scans_pending: number;
  readonly results_pending: number;
  readonly oldest_result_at: Date | null;
  readonly decode_paused_until: Date | null;
}

/**
 * The last hour of all processes together. It is read from their rows, because the memory of one process knows only
 * itself.
 */
@Injectable()
export class LiveFigures {
  private readonly settled = new Map<number, Minute>();
  private last: { readonly at: number; readonly figures: Figures } | undefined;
  private reading: Promise<Figures> | undefined;

  constructor(private readonly database: Database) {}

  look(): Promise<Figures> {
    const isFresh = this.last !== undefined && Date.now() - this.last.at < FRESH_MS;
    if (this.last !== undefined && isFresh) return Promise.resolve(this.last.figures);
    this.reading ??= this.readAndKeep().finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async readAndKeep(): Promise<Figures> {
    const figures = await this.read();
    this.last = { at: Date.now(), figures };
    return figures;
  }

  private async read(): Promise<Figures> {
    const waiting = await this.waiting();
    const thisMinute = Math.floor(waiting.now.getTime() / MINUTE_MS) * MINUTE_MS;
    const first = thisMinute - (TOLD_MINUTES - 1) * MINUTE_MS;
    await this.readMinutes(first, thisMinute);
    const minutes = Array.from({ length: TOLD_MINUTES }, (_, index) => {
      const at = first + index * MINUTE_MS;
      return this.settled.get(at) ?? quietMinute(new Date(at));
    });
    for (const at of this.settled.keys()) {
      const isSettled = at <= thisMinute - SETTLED_AFTER_MINUTES * MINUTE_MS;
      if (at < first || !isSettled) this.settled.delete(at);
    }
    return { minutes, waiting };
  }

  /** Starts at the first minute that is not settled: a refresh reads two minutes of rows, not an hour. */
  private async readMinutes(first: number, thisMinute: number): Promise<void> {
    let from = first;
    while (this.settled.has(from)) from += MINUTE_MS;
    const rows = await this.database.run<MinuteRow>(sql.MINUTES, [
      new Date(from),
      new Date(thisMinute + MINUTE_MS),
    ]);
    for (let at = from; at <= thisMinute; at += MINUTE_MS) this.settled.set(at, quietMinute(new Date(at)));
    for (const row of rows) this.settled.set(row.minute.getTime(), minuteOf(row));
  }

  private async waiting(): Promise<Waiting> {
    const [row] = await this.database.run<WaitingRow>(sql.WAITING, [COUNTED_UP_TO]);
    if (row === undefined) throw new Error('a statement that always has one row had none');
    return {
      now: row.now,
      scansPending: row.scans_pending,
      resultsPending: row.results_pending,
      ...(row.oldest_result_at && { oldestResultAt: row.oldest_result_at }),
      ...(row.decode_paused_until && { decodePausedUntil: row.decode_paused_until }),
    };
  }
}

function minuteOf(row: MinuteRow): Minute {
  return {
    minute: row.minute,
    decoded: row.decoded,
    paid: row.paid,
    asked: row.asked,
    askedUnknown: row.asked_unknown,
    ...(row.p50_ms !== null && { p50Ms: row.p50_ms }),
    ...(row.p99_ms !== null && { p99Ms: row.p99_ms }),
    told: row.told,
    toldUnknown: row.told_unknown,
    resultsOpened: row.results_opened,
    resultsEnded: row.results_ended,
  };
}
