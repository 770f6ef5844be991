import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { RowOf } from '../database/columns.js';
import type { ApiKey } from './api-key-entries.js';
import type { ApiKeyEntity } from './issued-keys.entities.js';
import * as sql from './issued-keys.sql.js';

/** Keys that `npm run keys` made, and which keys are revoked, as the database says for all processes. */
@Injectable()
export class IssuedKeys {
  constructor(private readonly database: Database) {}

  async read(): Promise<{ readonly keys: readonly ApiKey[]; readonly revoked: ReadonlySet<string> }> {
    const [keys, revoked] = await Promise.all([
      this.database.run<RowOf<ApiKeyEntity>>(sql.ISSUED_KEYS, []),
      this.database.run<{ readonly sha256: string }>(sql.REVOKED_KEYS, []),
    ]);
    return { keys: keys.map(keyOf), revoked: new Set(revoked.map(({ sha256 }) => sha256)) };
  }

  async noteUse(hashes: readonly string[]): Promise<void> {
    if (hashes.length > 0) await this.database.run(sql.KEYS_USED, [hashes]);
  }
}

function keyOf(row: RowOf<ApiKeyEntity>): ApiKey {
  const { name, sha256, customer_id: subject, expires_at: expiresAt } = row;
  const principal = { name, scopes: new Set(row.scopes) };
  return {
    sha256,
    principal: subject === null ? principal : { ...principal, subject },
    ...(expiresAt === null ? {} : { expiresAt }),
  };
}
