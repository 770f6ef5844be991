import type { DestinationStream } from 'pino';
import { BoundedOutput } from './bounded-output.js';

export interface LogDestination extends DestinationStream {
  /** Lines that were dropped since the start. */
  readonly droppedLines?: number;
  /**
   * Hands on what waits, without waiting for the reader. False when a line written just now may never be read: it was
   * dropped, or nothing can be written at all. Absent: every line arrives.
   */
  handOn?(): boolean;
}

export interface StandardOutput extends LogDestination {
  readonly droppedLines: number;
  /** Writes text for people as it is, in its order among the lines of the log. */
  print(text: string): void;
}

/** Standard output. Nothing waits for its reader: see `BoundedOutput`. */
export function openLogDestination(format: 'json' | 'text'): StandardOutput {
  const asWanted = format === 'json' ? (line: string): string => line : textLine;
  const output = new BoundedOutput(1, (lines) => asWanted(droppedLine(lines)));
  return {
    write: (line) => output.write(asWanted(line)),
    print: (text) => output.write(text),
    handOn: () => output.handOn(),
    get droppedLines() {
      return output.droppedLines;
    },
  };
}

/** In the form of the log's own lines; the log itself cannot write at this moment. */
function droppedLine(lines: number): string {
  const event = 'log.lines_dropped';
  return `${JSON.stringify({ level: 'warn', time: new Date().toISOString(), event, lines })}\n`;
}

const FIXED = new Set(['time', 'level', 'event']);

/** A JSON event as one line for a person at a terminal: time, level, verb, then the fields as `name=value`. */
export function textLine(json: string): string {
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== 'object' || parsed === null) return json;
  const fields = new Map(Object.entries(parsed));
  const time = String(fields.get('time')).slice(11, 23);
  const level = String(fields.get('level')).toUpperCase().padEnd(5);
  const rest = [...fields]
    .filter(([name]) => !FIXED.has(name))
    .map(([name, value]) => `${name}=${written(value)}`);
  return `${[time, level, fields.get('event'), ...rest].join(' ')}\n`;
}

function written(value: unknown): string {
  if (typeof value === 'string' && /^[\w.:/@+-]+$/.test(value)) return value;
  return JSON.stringify(value);
}
