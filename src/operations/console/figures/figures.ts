/** What happened in one minute, by the database's clock. */
export interface Minute {
  readonly minute: Date;
  readonly decoded: number;
  readonly paid: number;
  /** Decode calls to Alipay+, and those without a verified answer. */
  readonly asked: number;
  readonly askedUnknown: number;
  /** How long those calls took; absent in a minute without any. */
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  /** Calls of notifyPayment, and those without a verified answer. */
  readonly told: number;
  readonly toldUnknown: number;
  /** Results that started and stopped waiting for an acknowledgement. */
  readonly resultsOpened: number;
  readonly resultsEnded: number;
}

/** What is waiting now. No count goes beyond `COUNTED_UP_TO`. */
export interface Waiting {
  readonly now: Date;
  readonly scansPending: number;
  readonly resultsPending: number;
  readonly oldestResultAt?: Date;
  readonly decodePausedUntil?: Date;
}

export interface Figures {
  /** The last hour, oldest first, without gaps; the last minute is not complete. */
  readonly minutes: readonly Minute[];
  readonly waiting: Waiting;
}

export const COUNTED_UP_TO = 100_000;

/** A count as text; at `COUNTED_UP_TO` it may be more. */
export function countText(count: number): string {
  return `${count.toLocaleString('en')}${count === COUNTED_UP_TO ? ' or more' : ''}`;
}

/** Above these limits a person should look. The plots draw them, and the first page judges by them. */
export const WATCHED = {
  /** The percentage of calls to Alipay+ in a minute without a verified answer. */
  unknownPercent: 10,
  /** The p99 of a minute, while a payer stands at a counter. */
  decodeMs: 3_000,
  oldestResultMs: 5 * 60_000,
  /** The age of a debit or refund in doubt; by then workers have asked the ledger a few times. */
  doubtMs: 2 * 60_000,
} as const;

export const MINUTE_MS = 60_000;
export const TOLD_MINUTES = 60;

export function quietMinute(minute: Date): Minute {
  return {
    minute,
    decoded: 0,
    paid: 0,
    asked: 0,
    askedUnknown: 0,
    told: 0,
    toldUnknown: 0,
    resultsOpened: 0,
    resultsEnded: 0,
  };
}

/**
 * How many results waited at the end of each minute, counted backwards from the present number. A parked result leaves
 * without a call, so the line may be slightly too low further back; it is never below zero.
 */
export function backlogOf({ minutes, waiting }: Figures): number[] {
  let open = waiting.resultsPending;
  const levels = minutes.toReversed().map(({ resultsOpened, resultsEnded }) => {
    const level = open;
    open = Math.max(0, open - resultsOpened + resultsEnded);
    return level;
  });
  return levels.toReversed();
}
