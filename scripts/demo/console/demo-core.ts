import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventLog } from '../../../src/platform/logging/event-log.js';
import { Database } from '../../../src/platform/database/database.js';
import { openPool } from '../../../src/platform/database/pool.js';
import { DemoCustomers } from '../../../src/wallet-ledger/embedded/demo-customers.js';
import { EmbeddedWalletLedger } from '../../../src/wallet-ledger/embedded/embedded-wallet-ledger.js';
import { LedgerBooks } from '../../../src/wallet-ledger/embedded/ledger-books.js';
import { LedgerHttpServer } from '../../serve-embedded-ledger/ledger-http-server.js';
import { BLOCKED, PAYERS, SILENT } from './payment-plan.js';
import { SilentCore } from './silent-core.js';

const PLENTY = 10n ** 15n;

export interface DemoCore {
  readonly database: Database;
  /** The settings that make the service use it. */
  readonly environment: Readonly<Record<string, string>>;
  /** To be called once the schema exists. */
  openCustomers(): Promise<void>;
  stop(): Promise<void>;
}

/** A wallet's core over HTTP, which does not answer about one customer. */
export async function startDemoCore(
  directory: string,
  databaseUrl: string,
  log: EventLog,
): Promise<DemoCore> {
  const database = new Database(openPool(databaseUrl, { name: 'core', max: 8 }));
  const secret = randomBytes(32).toString('hex');
  const secretFile = join(directory, 'ledger-secret');
  await writeFile(secretFile, `${secret}\n`, { mode: 0o600 });
  const core = new SilentCore(new EmbeddedWalletLedger(database, log), SILENT);
  const server = new LedgerHttpServer(core, Buffer.from(secret));
  return {
    database,
    environment: {
      WALLET_LEDGER: 'http',
      WALLET_LEDGER_URL: await server.listen(),
      WALLET_LEDGER_SECRET_FILE: secretFile,
    },
    openCustomers: () => openCustomers(new LedgerBooks(database)),
    stop: async () => {
      await server.close();
      await database.pool.end();
    },
  };
}

async function openCustomers(books: LedgerBooks): Promise<void> {
  await new DemoCustomers(books).openDemoCustomers();
  await books.open({ customerId: BLOCKED, blocked: true, openingBalance: null });
  for (const customerId of [...PAYERS, SILENT]) {
    await books.open({ customerId, blocked: false, openingBalance: PLENTY });
  }
}
