import { constants } from 'node:os';
import { failureSentence } from '../command-line/failure-sentence.js';
import type { EventLog } from './platform/logging/event-log.js';

/** The exit codes of the process; docs/runbook.md explains each. A usage fault of a script is 2. */
export const EXIT_CODES = {
  stopped: 0,
  cannotStart: 1,
  /** It stopped in order because of an error that nobody caught. */
  failed: 70,
  stopFailed: 71,
  /** The stop was not finished in time. */
  outOfTime: 124,
} as const;

/** As a shell reports a death by that signal: 143 for SIGTERM. */
const codeOfSecond = (signal: StopSignal): number => 128 + constants.signals[signal];

/** SIGHUP stops only a process that was started at a terminal, which has gone then; any other one reads its keys again. */
const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;
type StopSignal = (typeof STOP_SIGNALS)[number] | 'SIGHUP';

/** A terminal and npm both send what one Ctrl-C means. */
const SAME_SIGNAL_MS = 1_000;
/** Beside the grace for requests: work in hand, queues, database and embedded parts. */
const STOP_MS = 15_000;
/** What a start in which a signal comes may take to come to its end. */
const START_END_MS = 5_000;

export type Stop = () => Promise<void>;

export interface Starting {
  /** Aborted when this process is to stop; what has not been started then is not started any more. */
  readonly stopAsked: AbortSignal;
  /** Registers how to stop what has just been started; the last one is stopped first. */
  onStop(stop: Stop): void;
  /** Registers what SIGHUP is for, in a process that was not started at a terminal. */
  onReload(reload: () => void): void;
}

export interface ProcessLifeOptions {
  readonly log: EventLog;
  /** How long requests in flight are waited for; until then a second signal changes nothing. */
  readonly graceMs: number;
  readonly start: (starting: Starting) => Promise<void>;
  /** Whether it was started at a terminal, which may be closed. */
  readonly isAtTerminal: boolean;
  /** The sentence for a failure that the reader of standard error can fix; undefined for every other one. */
  readonly explained: (error: unknown) => string | undefined;
}

/**
 * The life of a process: it starts, runs until a signal or a fault, stops in order what it started, and leaves; by a
 * deadline if something in the stop hangs. The exit code says which it was.
 */
export class ProcessLife {
  private readonly stopAsked = new AbortController();
  private readonly stops: Stop[] = [];
  private starting: Promise<void> = Promise.resolve();
  private isStarted = false;
  private stoppingSinceMs: number | undefined;
  private readonly reloads: (() => void)[] = [];

  constructor(private readonly options: ProcessLifeOptions) {}

  async run(): Promise<void> {
    // For the case that nothing is left to wait for although the start has not ended.
    process.exitCode = EXIT_CODES.cannotStart;
    for (const signal of STOP_SIGNALS) process.on(signal, () => this.receive(signal));
    process.on('SIGHUP', () => (this.options.isAtTerminal ? this.receive('SIGHUP') : this.reload()));
    // Rejections that nobody handles come here too.
    process.on('uncaughtException', (error) => this.fail(error));
    const starting: Starting = {
      stopAsked: this.stopAsked.signal,
      onStop: (stop) => void this.stops.push(stop),
      onReload: (reload) => void this.reloads.push(reload),
    };
    this.starting = endingSoonAfter(starting.stopAsked, this.options.start(starting));
    try {
      await this.starting;
      this.isStarted = true;
    } catch (error) {
      if (this.stopAsked.signal.aborted) return;
      const explained = this.options.explained(error);
      if (explained === undefined) this.options.log.error('service.start_failed', { alarm: true }, error);
      this.tell(`Cannot start. ${explained ?? failureSentence(error)}`);
      await this.stop('start_failed', EXIT_CODES.cannotStart);
    }
  }

  /** During a start there is nothing to reload yet: it reads everything by itself. */
  private reload(): void {
    for (const reload of this.reloads) reload();
  }

  private receive(signal: StopSignal): void {
    if (this.stoppingSinceMs === undefined) {
      void this.stop(signal, EXIT_CODES.stopped);
      return;
    }
    const stoppingMs = performance.now() - this.stoppingSinceMs;
    if (stoppingMs < SAME_SIGNAL_MS) return;
    const waitMs = this.graceLeftMs();
    this.options.log.warn('service.stop_asked_again', { signal, leavesInMs: Math.ceil(waitMs) });
    setTimeout(() => process.exit(codeOfSecond(signal)), waitMs);
  }

  /** Requests are in flight only once it is started. */
  private graceLeftMs(): number {
    if (!this.isStarted || this.stoppingSinceMs === undefined) return 0;
    return Math.max(0, this.stoppingSinceMs + this.options.graceMs - performance.now());
  }

  /** What the process holds in memory is no longer reliable; what it has committed is. */
  private fail(error: unknown): void {
    this.options.log.error('service.failed', { alarm: true }, error);
    if (this.stoppingSinceMs !== undefined) return;
    this.tell(`The service failed and stops: ${error instanceof Error ? error.name : 'an unknown error'}.`);
    void this.stop('service.failed', EXIT_CODES.failed);
  }

  private async stop(reason: string, exitCode: number): Promise<void> {
    if (this.stoppingSinceMs !== undefined) return;
    const { log } = this.options;
    this.stoppingSinceMs = performance.now();
    log.event('service.stopping', { reason });
    setTimeout(() => this.leaveOutOfTime(exitCode), this.graceLeftMs() + STOP_MS);
    this.stopAsked.abort();
    await this.starting.catch(() => undefined);
    const isStopped = await this.stopAll();
    if (isStopped) log.event('service.stopped');
    process.exit(isStopped || exitCode !== EXIT_CODES.stopped ? exitCode : EXIT_CODES.stopFailed);
  }

  /** Each is stopped, even if stopping the previous one failed. */
  private async stopAll(): Promise<boolean> {
    let isStopped = true;
    for (let stop = this.stops.pop(); stop !== undefined; stop = this.stops.pop()) {
      try {
        await stop();
      } catch (error) {
        isStopped = false;
        this.options.log.error('service.stop_failed', { alarm: true }, error);
        this.tell(`The stop failed. ${this.options.explained(error) ?? failureSentence(error)}`);
      }
    }
    return isStopped;
  }

  private leaveOutOfTime(exitCode: number): void {
    this.options.log.error('service.stop_out_of_time', { alarm: true });
    this.tell('The stop was not finished in time; the process ends without it.');
    process.exit(exitCode === EXIT_CODES.stopped ? EXIT_CODES.outOfTime : exitCode);
  }

  private tell(text: string): void {
    process.stderr.write(`${text}\n`);
  }
}

/** A start that hangs, for instance on a database that does not answer, must not hold a stop for long. */
function endingSoonAfter(signal: AbortSignal, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => setTimeout(() => reject(signal.reason), START_END_MS), {
      once: true,
    });
    work.then(resolve, reject);
  });
}

/** The reader of the output may be gone; that must neither end the process nor keep it. */
export function surviveLostOutputs(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
