import { createReadStream } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isTwinEvent, type TwinEvent } from './twin-event.js';

const FILE_NAME = 'journal.jsonl';
const NEWLINE = 0x0a;

/** The twin's books as a file: one JSON event per line, only ever appended to. */
export class Journal {
  readonly #path: string;
  readonly #file: FileHandle;
  #waiting = '';
  #isClosed = false;
  #nextWrite: Promise<void> | null = null;
  #lastWrite: Promise<unknown> = Promise.resolve();

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  static async open(folder: string): Promise<Journal> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, FILE_NAME);
    const journal = new Journal(path, await open(path, 'a+', 0o600));
    await journal.#closeTornLine();
    return journal;
  }

  /** Every readable line, in order. A line cut short by a kill was never answered, so it may be lost. */
  async replay(apply: (event: TwinEvent) => void): Promise<void> {
    const lines = createInterface({ input: createReadStream(this.#path), crlfDelay: Infinity });
    for await (const line of lines) {
      const event = eventOf(line);
      if (event !== null) apply(event);
    }
  }

  /**
   * Resolves once the line is with the operating system, which outlives a killed process. Calls that come together
   * share one write.
   */
  append(event: TwinEvent): Promise<void> {
    // An event after the end would have been lost by a kill as well.
    if (this.#isClosed) return Promise.resolve();
    this.#waiting += `${JSON.stringify(event)}\n`;
    this.#nextWrite ??= this.#write();
    return this.#nextWrite;
  }

  async clear(): Promise<void> {
    this.#waiting = '';
    await this.#inTurn(() => this.#file.truncate(0));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#nextWrite;
    await this.#inTurn(() => this.#file.close());
  }

  #write(): Promise<void> {
    return this.#inTurn(async () => {
      const text = this.#waiting;
      this.#waiting = '';
      this.#nextWrite = null;
      await this.#file.appendFile(text);
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#lastWrite.then(work);
    // A failed write is reported to those who waited for it; it must not fail the writes after it.
    this.#lastWrite = turn.catch(() => undefined);
    return turn;
  }

  /** Without this, the first new line would be appended to the torn one and lost with it. */
  async #closeTornLine(): Promise<void> {
    const { size } = await this.#file.stat();
    if (size === 0) return;
    const { buffer } = await this.#file.read(Buffer.alloc(1), 0, 1, size - 1);
    if (buffer[0] !== NEWLINE) await this.#file.appendFile('\n');
  }
}

function eventOf(line: string): TwinEvent | null {
  try {
    const event: unknown = JSON.parse(line);
    return isTwinEvent(event) ? event : null;
  } catch {
    return null;
  }
}
