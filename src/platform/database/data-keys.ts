import { createSecretKey, randomBytes, randomInt, type KeyObject } from 'node:crypto';
import { SettingsError } from '../config/load-settings.js';
import { KEY_BYTES } from '../sealing/aes-gcm.js';
import type { HeldKey } from '../sealing/sealing.js';
import type { WrappingKeys } from '../sealing/wrapping-keys.js';
import type { RowOf } from './columns.js';
import type { DataKeyEntity } from './data-keys.entities.js';
import * as sql from './data-keys.sql.js';
import type { Database, Runner } from './database.js';

type Purpose = DataKeyEntity['purpose'];

export interface DataKeyRow extends RowOf<DataKeyEntity> {
  readonly begins_ms: number | null;
}

type Unwrapped = Pick<HeldKey, 'purpose' | 'key'> & { readonly words: Buffer | null };

/** A new key is used only when every process has had time to read it. */
export const SEALS_AFTER_MS = 60_000;

const LARGEST_ID = 2 ** 31 - 1;

/** The data keys of a database, unwrapped for this process: `database.sealing` holds them. */
export class DataKeys {
  private readonly unwrapped = new Map<number, Unwrapped>();

  constructor(
    private readonly database: Database,
    private readonly wrapping: WrappingKeys | undefined,
  ) {}

  /**
   * Reads them, and makes the first ones where there are none.
   *
   * @throws SettingsError when this process could not open what others seal
   */
  async begin(): Promise<void> {
    const rows = await this.read();
    if (this.wrapping === undefined) {
      if (rows.length === 0) return;
      const rule = `is missing; personal data in this database is encrypted with ${rows.length} data keys`;
      throw new SettingsError([{ name: 'DATA_KEYS_FILE', rule }]);
    }
    if (rows.length === 0) await this.makeFirst(this.wrapping);
    await this.readAgain();
  }

  /** As begin, for a process that runs: a key that was made meanwhile is held in time. */
  async readAgain(): Promise<readonly DataKeyRow[]> {
    if (this.wrapping === undefined) return [];
    const rows = await this.read();
    const now = performance.now();
    const held: HeldKey[] = [];
    for (const row of rows) {
      const { key_id: keyId, purpose, begins_ms: beginsMs, words } = row;
      const key = this.unwrapped.get(keyId)?.key ?? (await this.unwrap(this.wrapping, row));
      const sealsFrom = beginsMs === null ? Infinity : now + beginsMs;
      held.push({ keyId, purpose, key, sealsFrom, ...(words && { words }) });
    }
    this.database.sealing.hold(held);
    await this.putBack(this.wrapping, new Set(rows.map(({ key_id: keyId }) => keyId)));
    return rows;
  }

  /** Makes another key to seal with; all processes use it a minute from now. */
  async make(): Promise<number> {
    const made = await wrappedKey(this.named(), 'seal');
    await this.database.run(sql.MAKE_DATA_KEY, [...made.values, SEALS_AFTER_MS]);
    return made.keyId;
  }

  /**
   * Wraps every key with the current one.
   *
   * @param all those too that are: a service may have rotated it under the same name
   */
  async rewrap(all = false): Promise<number> {
    const wrapping = this.named();
    const old = (await this.read()).filter((row) => all || row.wrapping_key !== wrapping.current);
    for (const row of old) {
      const { purpose, key } = { purpose: row.purpose, key: await this.unwrap(wrapping, row) };
      const { wrappingKey, wrapped } = await wrapping.wrap(key.export(), contextOf(row.key_id, purpose));
      await this.database.run(sql.REWRAP_DATA_KEY, [row.key_id, wrappingKey, wrapped]);
    }
    return old.length;
  }

  /** From a minute from now on values are sealed; nothing changes where they are. */
  async beginSealing(): Promise<Date | undefined> {
    const [row] = await this.database.run<{ sealed_from: Date }>(sql.BEGIN_SEALING, [SEALS_AFTER_MS]);
    return row?.sealed_from;
  }

  private read(runner: Runner = this.database): Promise<DataKeyRow[]> {
    return runner.run<DataKeyRow>(sql.DATA_KEYS, []);
  }

  /** Wrapped before the transaction: the service that keeps the wrapping keys is never called inside one. */
  private async makeFirst(wrapping: WrappingKeys): Promise<void> {
    const made = [await wrappedKey(wrapping, 'seal'), await wrappedKey(wrapping, 'digest')];
    await this.database.transaction(async (tx) => {
      await tx.run(sql.LOCK_DATA_KEYS, []);
      if ((await this.read(tx)).length > 0) return;
      for (const { values } of made) await tx.run(sql.MAKE_DATA_KEY, [...values, 0]);
    });
  }

  /**
   * A key whose row was lost with other commits has sealed values; a process that still holds it writes the row again.
   */
  private async putBack(wrapping: WrappingKeys, kept: ReadonlySet<number>): Promise<void> {
    for (const [keyId, { purpose, key, words }] of this.unwrapped) {
      if (kept.has(keyId)) continue;
      const { wrappingKey, wrapped } = await wrapping.wrap(key.export(), contextOf(keyId, purpose));
      await this.database.run(sql.PUT_BACK_DATA_KEY, [keyId, purpose, wrappingKey, wrapped, words]);
    }
  }

  private async unwrap(wrapping: WrappingKeys, row: DataKeyRow): Promise<KeyObject> {
    const { key_id: keyId, purpose, wrapping_key: wrappingKey, wrapped, words } = row;
    const bytes = await wrapping.unwrap({ wrappingKey, wrapped }, contextOf(keyId, purpose));
    const key = createSecretKey(bytes);
    this.unwrapped.set(keyId, { purpose, key, words });
    return key;
  }

  private named(): WrappingKeys {
    if (this.wrapping !== undefined) return this.wrapping;
    throw new SettingsError([{ name: 'DATA_KEYS_FILE', rule: 'is missing' }]);
  }
}

async function wrappedKey(wrapping: WrappingKeys, purpose: Purpose) {
  const keyId = randomInt(1, LARGEST_ID);
  const { wrappingKey, wrapped } = await wrapping.wrap(randomBytes(KEY_BYTES), contextOf(keyId, purpose));
  return { keyId, values: [keyId, purpose, wrappingKey, wrapped] };
}

/** A wrapped key works only under its own id and for its own purpose. */
function contextOf(keyId: number, purpose: Purpose): string {
  return `data_key:${keyId}:${purpose}`;
}
