import { hash as digestOf, timingSafeEqual } from 'node:crypto';
import { Injectable, Optional, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { WatchedFile } from '../config/watched-file.js';
import { EventLog } from '../logging/event-log.js';
import type { ApiKey } from './api-key-entries.js';
import { readApiKeyFile } from './api-key-file.js';
import { AuthSettings } from './auth.settings.js';
import type { TokenCheck } from './caller.js';
import { IssuedKeys } from './issued-keys.js';

const USE_NOTED_EVERY_MS = 60_000;

/**
 * Every key that opens something now: those of API_KEYS_FILE and those that were made with `npm run keys`. Read again
 * every API_KEYS_REFRESH_MS, so that a new, changed or revoked key needs no restart; while the database or the file
 * cannot be read, the last reading stays.
 */
@Injectable()
export class KeyRing implements OnModuleInit, OnModuleDestroy {
  private readonly file: WatchedFile<readonly ApiKey[]> | undefined;
  private issued: readonly ApiKey[] = [];
  private revoked: ReadonlySet<string> = new Set();
  private byHash: ReadonlyMap<string, ApiKey>;
  private readonly used = new Set<string>();
  private useNotedAt = performance.now();
  private timer: NodeJS.Timeout | undefined;
  private isStale = false;

  /** @param issuedKeys absent where there is no database */
  constructor(
    private readonly settings: AuthSettings,
    private readonly log: EventLog,
    @Optional() private readonly issuedKeys?: IssuedKeys,
  ) {
    const { apiKeysFile } = settings;
    this.file = apiKeysFile === undefined ? undefined : new WatchedFile(apiKeysFile, readApiKeyFile);
    this.byHash = this.sorted();
  }

  async onModuleInit(): Promise<void> {
    await this.refresh();
    this.schedule();
  }

  onModuleDestroy(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Undefined: no such key; it may be a token of another kind. */
  find(token: string, now = Date.now()): TokenCheck | undefined {
    const hash = digestOf('sha256', token, 'buffer');
    const sha256 = hash.toString('hex');
    const key = this.byHash.get(sha256);
    if (key === undefined || !timingSafeEqual(hash, Buffer.from(key.sha256, 'hex'))) return undefined;
    if (this.revoked.has(sha256)) return { outcome: 'refused', reason: 'KEY_REVOKED' };
    if (key.expiresAt !== undefined && key.expiresAt.getTime() <= now)
      return { outcome: 'refused', reason: 'KEY_EXPIRED' };
    this.used.add(sha256);
    return { outcome: 'known', principal: key.principal };
  }

  private schedule(): void {
    this.timer = setTimeout(
      () => void this.refresh().then(() => this.timer && this.schedule()),
      this.settings.keysRefreshMs,
    );
    this.timer.unref();
  }

  /** Reads everything again; what cannot be read stays as it was. */
  async refresh(): Promise<void> {
    try {
      this.file?.readAgain();
      await this.readIssued();
      if (this.isStale) this.log.event('auth.keys_current');
      this.log.ends('auth.keys_stale');
      this.isStale = false;
    } catch (error) {
      if (!this.isStale) this.log.error('auth.keys_stale', { alarm: true }, error);
      this.log.lasts('auth.keys_stale');
      this.isStale = true;
    }
    this.byHash = this.sorted();
  }

  private async readIssued(): Promise<void> {
    if (this.issuedKeys === undefined) return;
    const read = await this.issuedKeys.read();
    this.issued = read.keys;
    this.revoked = read.revoked;
    if (performance.now() - this.useNotedAt < USE_NOTED_EVERY_MS) return;
    await this.issuedKeys.noteUse([...this.used]);
    this.used.clear();
    this.useNotedAt = performance.now();
  }

  /** Looked up by hash: the time that this takes tells nothing about a token. */
  private sorted(): ReadonlyMap<string, ApiKey> {
    return new Map([...this.issued, ...(this.file?.content ?? [])].map((key) => [key.sha256, key]));
  }
}
