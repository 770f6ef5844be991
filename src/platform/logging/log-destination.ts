import type { DestinationStream } from 'pino';
import { BoundedOutput } from './bounded-output.js';
import { textLine } from './text-line.js';

export interface LogDestination extends DestinationStream {
  /** Lines that nobody will read, since the start. */
  readonly droppedLines?: number;
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
    get droppedLines() {
      return output.droppedLines;
    },
  };
}

/** In the form of the log's own lines; the log itself must not be asked to write while it cannot. */
function droppedLine(lines: number): string {
  const event = 'log.lines_dropped';
  return `${JSON.stringify({ level: 'warn', time: new Date().toISOString(), event, lines })}\n`;
}
