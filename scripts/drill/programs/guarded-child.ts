import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/**
 * The shell stands between the program and us: when its input ends, because we are gone, it ends the program and
 * deletes the given folder, so that nothing is left behind however we end. The half that deletes must not be ended by
 * the other half, which sees the program end; hence the trap.
 */
const GUARD = `
  directory=$1; shift
  exec 3<&0
  "$@" </dev/null 3<&- & child=$!
  echo "pid $child"
  ( read -r word <&3; trap '' TERM; kill -9 $child; [ -z "$directory" ] || rm -rf "$directory" ) >/dev/null 2>&1 &
  reader=$!
  wait $child; code=$?
  kill $reader 2>/dev/null
  exit $code
`;

export interface GuardedOptions {
  /** Its whole environment; nothing of ours unless named here. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Deleted when we end without a stop. */
  readonly deletes?: string;
  /** The user it runs as, when we are root and it refuses root. */
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
  readonly onLine?: (line: string) => void;
  readonly onErrorText?: (text: string) => void;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program in a process of its own, which can be killed or stopped at any moment and never outlives us. */
export class GuardedChild {
  readonly exited: Promise<ProcessEnd>;
  private end: ProcessEnd | undefined;

  private constructor(
    private readonly guard: ChildProcessByStdio<Writable, Readable, Readable>,
    /** Of the program itself, not of its guard. */
    readonly pid: number,
    ended: Promise<number>,
  ) {
    this.exited = ended.then((code) => (this.end = endOf(code)));
  }

  static async start(
    command: string,
    args: readonly string[],
    options: GuardedOptions = {},
  ): Promise<GuardedChild> {
    const { environment, deletes = '', account, onLine, onErrorText } = options;
    // A session of its own: Ctrl-C is for us, and we end what we started in our own order.
    const guard = spawn('/bin/sh', ['-c', GUARD, 'sh', deletes, command, ...args], {
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(environment === undefined ? {} : { env: environment }),
      // An account may be barred from our working directory.
      ...(account === undefined ? {} : { ...account, cwd: '/' }),
    });
    // 'close' and not 'exit': by then all its output has been read.
    const ended = once(guard, 'close').then(([code]) => Number(code));
    guard.stdin.on('error', () => undefined);
    guard.stderr.on('data', (chunk) => onErrorText?.(String(chunk)));
    const pid = await new Promise<number>((resolve, reject) => {
      // The reader stays: a program whose output nobody reads would block one day.
      createInterface({ input: guard.stdout }).on('line', (line) => {
        const started = /^pid (\d+)$/.exec(line)?.[1];
        if (started === undefined) onLine?.(line);
        else resolve(Number(started));
      });
      guard.once('error', reject);
    });
    return new GuardedChild(guard, pid, ended);
  }

  get isRunning(): boolean {
    return this.end === undefined;
  }

  /** It must not keep us alive; when we end, it ends too. */
  unref(): void {
    this.guard.unref();
    for (const stream of [this.guard.stdin, this.guard.stdout, this.guard.stderr])
      if (stream instanceof Socket) stream.unref();
  }

  /** Does nothing once it has ended. */
  signal(signal: NodeJS.Signals): void {
    if (!this.isRunning) return;
    try {
      process.kill(this.pid, signal);
    } catch (error) {
      // It ended a moment ago, and the event has not come yet.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }

  /** Sends the signal and waits until the process is gone. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<ProcessEnd> {
    this.guard.ref();
    this.signal(signal);
    return this.exited;
  }
}

/** A shell reports a death by a signal as 128 and its number. */
function endOf(code: number): ProcessEnd {
  const named = Object.entries(constants.signals).find(([, number]) => number === code - 128);
  if (named === undefined) return { code, signal: null };
  return { code: null, signal: named[0] as NodeJS.Signals }; // the keys of that table are the names of signals
}
