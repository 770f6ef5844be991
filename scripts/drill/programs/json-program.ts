import { GuardedChild, type ProcessEnd } from './guarded-child.js';

export interface ProgramStart {
  /** The compiled file to run. */
  readonly file: string;
  readonly args?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The event that reports readiness; its `url` is the address. */
  readonly readyEvent: string;
  readonly onEvent?: (event: Readonly<Record<string, unknown>>) => void;
  /** Aborted when its caller no longer needs it. */
  readonly signal?: AbortSignal;
  /** All its output, as it comes. */
  readonly onText?: (text: string) => void;
}

/** For a start on a busy machine, which has taken 100 s. */
const START_PATIENCE_MS = 150_000;
/** Longer than our programs give themselves to stop. */
const END_PATIENCE_MS = 150_000;

/** One of our programs in a process of its own: it writes one JSON object per line, and reports when it is ready. */
export class JsonProgram {
  private constructor(
    private readonly child: GuardedChild,
    readonly url: string,
    private readonly file: string,
  ) {}

  /**
   * Resolves when it is ready.
   *
   * @throws when it ended before, with its standard error
   */
  static async start(start: ProgramStart): Promise<JsonProgram> {
    const errors: string[] = [];
    let tellReady: (url: string) => void = () => undefined;
    const ready = new Promise<string>((resolve) => (tellReady = resolve));
    const child = await GuardedChild.start(process.execPath, [start.file, ...(start.args ?? [])], {
      environment: {
        PATH: process.env['PATH'] ?? '',
        HOME: process.env['HOME'] ?? '',
        ...start.environment,
      },
      onLine: (line) => {
        start.onText?.(`${line}\n`);
        const event = eventIn(line);
        if (event === undefined) return;
        start.onEvent?.(event);
        if (event['event'] === start.readyEvent) tellReady(String(event['url']));
      },
      onErrorText: (text) => {
        start.onText?.(text);
        errors.push(text);
        if (errors.length > 50) errors.shift();
      },
    });
    let timer: NodeJS.Timeout | undefined;
    let why = 'ended before it was ready';
    const tooLate = new Promise<undefined>((resolve) => {
      const giveUp = (because: string): void => {
        why = because;
        resolve(undefined);
      };
      timer = setTimeout(
        () => giveUp(`was not ready within ${START_PATIENCE_MS / 1_000} s`),
        START_PATIENCE_MS,
      );
      start.signal?.addEventListener('abort', () => giveUp('is not wanted any more'));
      if (start.signal?.aborted === true) giveUp('is not wanted any more');
    });
    try {
      const url = await Promise.race([ready, tooLate, child.exited.then(() => undefined)]);
      if (url !== undefined) return new JsonProgram(child, url, start.file);
    } finally {
      clearTimeout(timer);
    }
    await child.stop('SIGKILL');
    throw new Error(`${start.file} ${why}: ${errors.join('').trim()}`);
  }

  get exited(): Promise<ProcessEnd> {
    return this.child.exited;
  }

  get isRunning(): boolean {
    return this.child.isRunning;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.signal(signal);
  }

  /**
   * Sends the signal and waits until it is gone.
   *
   * @throws when it outlasts its own time limits; it is then killed
   */
  async end(signal: NodeJS.Signals): Promise<ProcessEnd> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), END_PATIENCE_MS);
    });
    const end = await Promise.race([this.child.stop(signal), tooLate]);
    clearTimeout(timer);
    if (end !== undefined) return end;
    this.child.signal('SIGKILL');
    throw new Error(`${this.file} still ran ${END_PATIENCE_MS / 1_000} s after ${signal}`);
  }
}

function eventIn(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>; // it begins with a brace, so it is an object
  } catch {
    // A line cut short by a kill.
    return undefined;
  }
}
