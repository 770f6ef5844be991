import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';

/** Below it lines wait for a reader; further ones are dropped. */
const WAITING_BYTES = 4 * 2 ** 20;
/** How long a line waits for others, so that many are written at once; a killed process loses no more than this. */
const LINGER_MS = 25;
/** Between two attempts while the reader does not keep up. */
const FULL_RETRY_MS = 25;
/** Between two attempts while nothing can be written at all: no reader, no space. */
const FAULT_RETRY_MS = 1_000;
/** What the end of the process may wait for a slow reader. */
const END_MS = 500;
/** Written at once, without waiting for the timer. */
const CHUNK_BYTES = 8 * 1024;

/**
 * Lines for a file descriptor that may be read slowly, or by nobody, or lie on a full disk. Neither the process nor its
 * end ever waits for it: what cannot be written waits, up to a limit; beyond it lines are dropped and counted, and
 * `describeDropped` makes the line that says so where they are missing.
 *
 * Each write is synchronous. A write in the thread pool would hold a thread as long as the reader wants, and Node waits
 * for its threads before it ends, also in `process.exit`.
 */
export class BoundedOutput {
  /** Since the start. */
  droppedLines = 0;
  private readonly fd: number;
  private waiting: string[] = [];
  private waitingBytes = 0;
  /** The bytes that are being written; a part of them may be written already. */
  private head = Buffer.alloc(0);
  private timer: NodeJS.Timeout | undefined;
  private isStuck = false;
  private isFaulty = false;
  private untoldDrops = 0;

  /**
   * @param describeDropped the line to write in the place of so many lines
   * @param limitBytes what may wait
   */
  constructor(
    fd: 1 | 2,
    private readonly describeDropped: (lines: number) => string,
    private readonly limitBytes = WAITING_BYTES,
  ) {
    this.fd = withoutBlocking(fd);
    process.on('exit', () => this.end());
  }

  write(line: string): void {
    const bytes = Buffer.byteLength(line);
    this.tellDrops();
    if (this.untoldDrops > 0 || this.waitingBytes + bytes > this.limitBytes) {
      this.untoldDrops += 1;
      this.droppedLines += 1;
      return;
    }
    this.add(line, bytes);
    if (!this.isStuck && this.waitingBytes >= CHUNK_BYTES) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), LINGER_MS).unref();
  }

  /**
   * Writes what waits as far as the reader takes it now.
   *
   * @returns false when the last line was dropped, or when nothing can be written at all: no reader, no space
   */
  handOn(): boolean {
    this.flush();
    return this.untoldDrops === 0 && !this.isFaulty;
  }

  /** Not before half of the limit is free: otherwise lines and gaps would alternate while the reader is slow. */
  private tellDrops(): void {
    if (this.untoldDrops === 0 || this.waitingBytes > this.limitBytes / 2) return;
    const line = this.describeDropped(this.untoldDrops);
    this.untoldDrops = 0;
    this.add(line, Buffer.byteLength(line));
  }

  private add(line: string, bytes: number): void {
    this.waiting.push(line);
    this.waitingBytes += bytes;
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const outcome = this.writeWaiting();
    this.isStuck = outcome !== 'written';
    this.isFaulty = outcome === 'fault';
    this.tellDrops();
    if (outcome === 'written' && this.waitingBytes === 0) return;
    this.timer = setTimeout(() => this.flush(), outcome === 'fault' ? FAULT_RETRY_MS : FULL_RETRY_MS).unref();
  }

  private writeWaiting(): 'written' | 'full' | 'fault' {
    try {
      for (;;) {
        if (this.head.length === 0) {
          if (this.waiting.length === 0) return 'written';
          this.head = Buffer.from(this.waiting.join(''));
          this.waiting = [];
        }
        const written = writeSync(this.fd, this.head);
        this.head = this.head.subarray(written);
        this.waitingBytes -= written;
      }
    } catch (error) {
      // Whatever the fault is, the reader may come back or the disk be cleared; meanwhile the limit holds.
      return error instanceof Error && 'code' in error && error.code === 'EAGAIN' ? 'full' : 'fault';
    }
  }

  /** Nothing else runs any more, so it waits without an event loop; a reader that has stopped costs `END_MS`. */
  private end(): void {
    clearTimeout(this.timer);
    const lastMs = performance.now() + END_MS;
    const pause = new Int32Array(new SharedArrayBuffer(4));
    while (this.writeWaiting() === 'full' && performance.now() < lastMs) Atomics.wait(pause, 0, 0, 5);
  }
}

/**
 * A descriptor for the same pipe or terminal whose writes never block, apart from that of others who share it. Where
 * the system refuses, the shared one is made so, as Node makes it for its own `process.stdout`.
 */
function withoutBlocking(fd: 1 | 2): number {
  if (!isatty(fd) && !fstatSync(fd).isFIFO() && !fstatSync(fd).isSocket()) return fd;
  try {
    const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
    return openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    void (fd === 1 ? process.stdout : process.stderr);
    return fd;
  }
}
