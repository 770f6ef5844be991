import { setTimeout as sleep } from 'node:timers/promises';
import { JsonProgram, type ProgramStart } from './json-program.js';

export interface KeptProgramOptions {
  /** Its name for people: `api-1`, `the twin`. */
  readonly name: string;
  readonly start: Omit<ProgramStart, 'environment'>;
  readonly environment: Readonly<Record<string, string>>;
  /** Called when it ends although nobody asked it to. */
  readonly onEndedByItself: (what: string) => void;
}

const START_AGAIN_MS = 300;

/** One of our programs and its supervisor: however it ends, it is started again until it is told to stay down. */
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

  /** Takes effect at the next start. */
  change(environment: Readonly<Record<string, string>>): void {
    this.environment = { ...this.environment, ...environment };
  }

  /** Resolves when it is ready. Another part may be down, so a failed start is repeated. */
  start(): Promise<void> {
    this.isWanted = true;
    this.starting ??= this.startUntilReady().finally(() => (this.starting = undefined));
    return this.starting;
  }

  /** Ends it with the signal, and leaves it down. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.isWanted = false;
    this.giveUp.abort();
    await this.starting;
    const { program } = this;
    this.program = undefined;
    // A stopped program does not react to any other signal.
    program?.signal('SIGCONT');
    await program?.end(signal);
  }

  /** Freezes it, in the middle of any work. */
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
