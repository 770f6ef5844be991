import { destination, type DestinationStream } from 'pino';
import { textLine } from './text-line.js';

export type LogDestination = DestinationStream;

/**
 * Standard output, written without blocking the event loop. pino registers such a stream to be flushed
 * when the process exits, so the last events before `process.exit` are not lost.
 */
export function openLogDestination(format: 'json' | 'text'): LogDestination {
  const stdout = destination({ dest: 1, sync: false });
  if (format === 'json') return stdout;
  return { write: (line) => stdout.write(textLine(line)) };
}
