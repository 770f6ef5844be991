import { pino, stdTimeFunctions, type Logger } from 'pino';
import { causeFields } from './cause-fields.js';
import type { LogDestination } from './log-destination.js';
import type { LoggingSettings, LogLevelName } from './logging.settings.js';
import { loggableNames, loggableValue, scrubText } from './redaction.js';
import { RepeatedLines } from './repeated-lines.js';
import type { Origin } from '../tracing/origin.js';

/** Flat and by name: a value that is not a field cannot be redacted, searched or counted. */
export interface EventFields {
  readonly [name: string]: FieldValue | Origin;
  /** The request or job that the line is written because of; it stands there as `requestId`, `trace_id` and `span_id`. */
  readonly origin?: Origin | undefined;
  readonly alarm?: FieldValue;
  readonly reason?: FieldValue;
  readonly code?: FieldValue;
  readonly kind?: FieldValue;
}

type FieldValue = string | number | boolean | null | undefined;

export interface RaisedAlarm {
  readonly count: number;
  readonly atMs: number;
}

/**
 * One event per line: a verb such as `http.answered`, and fields. No sentences built from values. A line that is
 * written because of one request or job names it by its `origin`, which has to be handed on to the code that writes it
 * (docs/adr/0015-request-ids-are-handed-on.md).
 */
export class EventLog {
  private readonly logger: Logger;
  private readonly audits: Logger;
  private readonly raised = new Map<string, RaisedAlarm>();
  private readonly lasting = new Map<string, Set<string>>();
  private readonly repeated: RepeatedLines;

  constructor(
    settings: Pick<LoggingSettings, 'level'>,
    private readonly destination: LogDestination,
  ) {
    const options = {
      base: null,
      level: settings.level,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label: string) => ({ level: label }) },
    };
    this.logger = pino(options, destination);
    this.audits = pino({ ...options, level: 'info' }, destination);
    this.repeated = new RepeatedLines((of, reason, lines) =>
      this.logger.warn(line('log.repeated', { of, reason, lines })),
    );
  }

  /** Lines that were dropped since the start. */
  get droppedLines(): number {
    return this.destination.droppedLines ?? 0;
  }

  get level(): string {
    return this.logger.level;
  }

  /** Changes the level without a restart; the change is logged at any level. */
  setLevel(level: LogLevelName, by: string): void {
    const from = this.logger.level;
    if (from === level) return;
    this.logger.level = 'info';
    this.logger.info(line('log.level_changed', { from, to: level, by }));
    this.logger.level = level;
  }

  /** Each event that was raised as an alarm, whatever the level of the log. One that lasts is as if raised just now. */
  get alarms(): ReadonlyMap<string, RaisedAlarm> {
    const now = { atMs: Date.now() };
    return new Map(
      [...this.raised].map(([verb, alarm]) => [verb, this.lasting.has(verb) ? { ...alarm, ...now } : alarm]),
    );
  }

  /**
   * Of an alarm that is logged once, when its fault begins: until `ends` it counts as raised, so that who is told by the
   * figures hears of it for as long as the fault lasts.
   *
   * @param about what is at fault, where that may be several at once
   */
  lasts(verb: string, about = ''): void {
    this.lasting.set(verb, (this.lasting.get(verb) ?? new Set()).add(about));
  }

  /** Does nothing unless it `lasts`. */
  ends(verb: string, about = ''): void {
    const faults = this.lasting.get(verb);
    faults?.delete(about);
    if (faults?.size === 0) this.lasting.delete(verb);
  }

  debug(verb: string, fields: EventFields = {}): void {
    if (this.logger.isLevelEnabled('debug')) this.logger.debug(line(verb, fields));
  }

  event(verb: string, fields: EventFields = {}): void {
    if (this.logger.isLevelEnabled('info')) this.logger.info(line(verb, fields));
  }

  /**
   * A line that has to be there before what it tells of may happen: whatever the level of the log, and handed on at once.
   *
   * @returns false when nobody may ever read it
   */
  audit(verb: string, fields: EventFields): boolean {
    this.audits.info(line(verb, fields));
    return this.destination.handOn?.() ?? true;
  }

  warn(verb: string, fields: EventFields = {}): void {
    this.noteAlarm(verb, fields);
    if (this.logger.isLevelEnabled('warn') && this.isWritten(verb, fields))
      this.logger.warn(line(verb, fields));
  }

  error(verb: string, fields: EventFields = {}, cause?: unknown): void {
    this.noteAlarm(verb, fields);
    if (!this.logger.isLevelEnabled('error') || !this.isWritten(verb, fields)) return;
    this.logger.error({ ...line(verb, fields), ...(cause === undefined ? {} : causeFields(cause)) });
  }

  /** An alarm names what it is about more often than not, so none is left out. */
  private isWritten(verb: string, { alarm, reason, code, kind }: EventFields): boolean {
    const told = reason ?? code ?? kind;
    return alarm === true || this.repeated.isNew(verb, told == null ? undefined : String(told));
  }

  private noteAlarm(verb: string, { alarm }: EventFields): void {
    if (alarm !== true) return;
    this.raised.set(verb, { count: (this.raised.get(verb)?.count ?? 0) + 1, atMs: Date.now() });
  }
}

/**
 * The names the log itself writes cannot be overwritten by a field; such a field would fake an event. The last one would
 * change the line instead of standing on it.
 */
const RESERVED = new Set(['event', 'level', 'time', '__proto__']);

/** Built in one go: every request writes some of these. */
function line(verb: string, fields: EventFields): Record<string, unknown> {
  const written: Record<string, unknown> = { event: scrubText(verb) };
  for (const name of loggableNames(fields)) {
    if (name === 'origin') {
      Object.assign(written, fields.origin?.lineFields);
      continue;
    }
    const value = loggableValue(fields, name);
    if (value !== undefined) written[RESERVED.has(name) ? `field.${name}` : name] = value;
  }
  return written;
}
