import { setTimeout as sleep } from 'node:timers/promises';
import { JsonProgram, type ProgramStart } from './json-program.js';

export interface KeptProgramOptions {
  /** How people call it: `api-1`, `the twin`. */
  readonly name: string;
  readonly start: Omit<ProgramStart, 'environment'>;
  readonly environment: Readonly<Record<string, string>>;
  /** It ended although nobody had asked it to. */
  readonly onEndedByItself: (what: string) => void;
}

const START_AGAIN_MS = 300;

/** One of our programs and its supervisor: whatever ends it, it is started again until it is told to stay away. */
export class KeptProgram {
  readonly name: string;
  private environment: Readonly<Record<string, string>>;
  private program: JsonProgram | undefined;
  private starting: Promise<void> | undefined;
  private isWanted = false;
  private giveUp = new AbortController();

  constructor(private readonly options: KeptProgramOptions) {
    this.name = options.name;
    this.environment = options.environment;
  }

  get url(): string {
    return this.program?.url ?? '';
  }

  /** Counts from the next start on. */
  change(environment: Readonly<Record<string, string>>): void {
    this.environment = { ...this.environment, ...environment };
  }

  /** Resolves when it is ready. What it needs may be away, so a start that fails is followed by another. */
  start(): Promise<void> {
    this.isWanted = true;
    this.starting ??= this.startUntilReady().finally(() => (this.starting = undefined));
    return this.starting;
  }

  /** Ends it as the signal does, and leaves it away. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.isWanted = false;
    this.giveUp.abort();
    await this.starting;
    const { program } = this;
    this.program = undefined;
    // A program that was stopped would never hear of any other signal.
    program?.signal('SIGCONT');
    await program?.end(signal);
  }

  /** It stands still, in the middle of whatever it is doing. */
  freeze(): void {
    this.program?.signal('SIGSTOP');
  }

  thaw(): void {
    this.program?.signal('SIGCONT');
  }

  private async startUntilReady(): Promise<void> {
    while (this.isWanted) {
      this.giveUp = new AbortController();
      const { environment } = this;
      const { signal } = this.giveUp;
      try {
        this.keep(await JsonProgram.start({ ...this.options.start, environment, signal }));
        return;
      } catch (error) {
        this.options.start.onText?.(`${String(error)}\n`);
        await sleep(START_AGAIN_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private keep(program: JsonProgram): void {
    this.program = program;
    void program.exited.then(({ code, signal }) => {
      if (this.program !== program) return;
      this.options.onEndedByItself(`${this.name} ended by itself with ${signal ?? code}`);
      return this.start();
    });
  }
}
