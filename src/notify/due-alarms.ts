/** What is known of a notification that is still not acknowledged. */
export interface Undelivered {
  readonly tries: number;
  readonly givesUpAt: Date;
  readonly readAt: Date;
  /** The thresholds that have alarmed already. */
  readonly alarms: readonly string[];
}

const HOUR_MS = 3_600_000;

/**
 * When somebody should look: many tries in vain; half an hour before 00:30 at UTC+8, when the day's clearing closes;
 * and an hour before 08:00, when the notification is given up. Both hours are told from its end, which is that 08:00.
 */
const THRESHOLDS: readonly (readonly [name: string, isPassed: (of: Undelivered) => boolean])[] = [
  ['ten_tries', ({ tries }) => tries >= 10],
  ['before_clearing', (of) => leftMs(of) <= 8 * HOUR_MS],
  ['before_the_end', (of) => leftMs(of) <= HOUR_MS],
];

/** The thresholds that are passed and have not alarmed yet. */
export function dueAlarms(of: Undelivered): string[] {
  return THRESHOLDS.filter(([name, isPassed]) => !of.alarms.includes(name) && isPassed(of)).map(
    ([name]) => name,
  );
}

function leftMs({ givesUpAt, readAt }: Undelivered): number {
  return givesUpAt.getTime() - readAt.getTime();
}
