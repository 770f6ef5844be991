import pg from 'pg';
import { DataKeys } from '../../src/platform/database/data-keys.js';
import { Database } from '../../src/platform/database/database.js';
import type { Sealing } from '../../src/platform/sealing/sealing.js';
import { FileWrappingKeys } from '../../src/platform/sealing/wrapping-keys.js';
import { AlipayPlus } from './alipay-plus.js';
import { Grouped } from './grouped.js';
import { setting } from './setting.js';
import { ACCEPT, ACCEPTED, BEGIN, BEGUN, SETTLE, SETTLED } from './statements.js';

/** What requests are worked on with. */
export interface Writers {
  readonly pool: pg.Pool;
  readonly begin: Grouped<typeof BEGUN>;
  readonly accept: Grouped<typeof ACCEPTED>;
  readonly settle: Grouped<typeof SETTLED>;
  /** The service's own: it is little more than the calls of zlib and AES, and what it seals has to stay readable. */
  readonly sealing: Sealing;
  readonly alipayPlus: AlipayPlus;
}

export async function openWriters(): Promise<Writers> {
  const pool = new pg.Pool({
    connectionString: setting('DATABASE_URL'),
    max: Number(setting('DATABASE_POOL_SIZE')),
    keepAlive: true,
  });
  const database = new Database(pool);
  await new DataKeys(database, new FileWrappingKeys(setting('DATA_KEYS_FILE'))).begin();
  return {
    pool,
    begin: new Grouped(pool, BEGIN),
    accept: new Grouped(pool, ACCEPT),
    settle: new Grouped(pool, SETTLE),
    sealing: database.sealing,
    alipayPlus: new AlipayPlus(),
  };
}
