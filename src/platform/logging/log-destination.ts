import { destination, type DestinationStream } from 'pino';
import { textLine } from './text-line.js';

export type LogDestination = DestinationStream;

/** What is written in one go when there is much to write. */
const CHUNK_BYTES = 8 * 1024;
/** How long a line waits for others, in ms: what a killed process may lose of its log, and what no person notices. */
const LINGER_MS = 25;

/**
 * Standard output, written without blocking the event loop and many lines at a time, since each write goes by way of the
 * thread pool, where the signatures are made. pino registers such a stream to be flushed when the process exits, so the
 * last events before `process.exit` are not lost.
 */
export function openLogDestination(format: 'json' | 'text'): LogDestination {
  // As bytes: of texts, the stream counts all that waits anew with each line.
  const stdout = destination({ dest: 1, sync: false, minLength: CHUNK_BYTES, contentMode: 'buffer' });
  const writeBytes = stdout.write.bind(stdout) as unknown as (bytes: Buffer) => boolean; // typed for texts only
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    stdout.flush();
  };
  const write = (line: string): void => {
    writeBytes(Buffer.from(line));
    timer ??= setTimeout(flush, LINGER_MS).unref();
  };
  return format === 'json' ? { write } : { write: (line) => write(textLine(line)) };
}
