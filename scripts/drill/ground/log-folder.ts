import { createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** The folder of one drill: logs, keys, and the data of its servers. */
export class LogFolder {
  /** Kept at the end, to see what happened. */
  isKept = false;

  static async make(): Promise<LogFolder> {
    await mkdir('.data', { recursive: true });
    const directory = resolve(await mkdtemp('.data/drill-'));
    // mkdtemp closes the folder to the account that runs the server for root.
    await chmod(directory, 0o755);
    return new LogFolder(directory);
  }

  private constructor(readonly directory: string) {}

  /** Appends to a file of this name. */
  log(name: string): (text: string) => void {
    const file = createWriteStream(join(this.directory, `${name}.log`), { flags: 'a' });
    // The folder is deleted at the end, perhaps before the last line is written.
    file.on('error', () => undefined);
    return (text) => void file.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  async close(): Promise<void> {
    if (!this.isKept) await rm(this.directory, { recursive: true, force: true });
  }
}
