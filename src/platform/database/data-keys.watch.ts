import type { OnApplicationShutdown } from '@nestjs/common';
import type { EventLog } from '../logging/event-log.js';
import type { UnopenedError } from '../sealing/sealing.js';
import type { DataKeys } from './data-keys.js';
import type { Database } from './database.js';

/** A few times within the minute after which a new key is used. */
const READ_EVERY_MS = 15_000;
/** A value may name a key that was made just now; many such values must not cause many reads. */
const SOON_MS = 1_000;
const QUIET_MS = 60_000;

/** Reads the data keys again while the service runs. */
export class DataKeysWatch implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private quietUntil = 0;
  private isSoon = false;
  private isOver = false;

  constructor(
    private readonly keys: DataKeys,
    private readonly log: EventLog,
    { sealing }: Pick<Database, 'sealing'>,
  ) {
    sealing.whenUnknown(() => this.readSoon());
    sealing.whenUnopened((error) => this.unopened(error));
    this.readIn(READ_EVERY_MS);
  }

  onApplicationShutdown(): void {
    this.isOver = true;
    clearTimeout(this.timer);
  }

  /** One line for many: a process that cannot open one value cannot open others. */
  private unopened(error: UnopenedError): void {
    const now = performance.now();
    if (now < this.quietUntil) return;
    this.quietUntil = now + QUIET_MS;
    this.log.error('data.not_opened', { alarm: true }, error);
  }

  private readSoon(): void {
    if (this.isSoon) return;
    this.isSoon = true;
    this.readIn(SOON_MS);
  }

  private readIn(ms: number): void {
    clearTimeout(this.timer);
    if (this.isOver) return;
    this.timer = setTimeout(() => void this.read(), ms).unref();
  }

  private async read(): Promise<void> {
    try {
      await this.keys.readAgain();
    } catch (error) {
      this.log.error('data_keys.not_read', {}, error);
    }
    this.isSoon = false;
    this.readIn(READ_EVERY_MS);
  }
}
