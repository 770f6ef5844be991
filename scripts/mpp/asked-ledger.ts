import { HttpService } from '@nestjs/axios';
import type { Environment } from '../../src/platform/config/load-settings.js';
import type { Database } from '../../src/platform/database/database.js';
import { openNamedDatabase } from '../../src/platform/database/open-named-database.js';
import { EventLog } from '../../src/platform/logging/event-log.js';
import type { WalletLedger } from '../../src/wallet-ledger/wallet-ledger.js';
import { chooseLedger } from '../../src/wallet-ledger/wallet-ledger.module.js';
import { namedLedger } from '../../src/wallet-ledger/wallet-ledger.settings.js';

/** The parts of a program that compares our records with a ledger. */
export interface OpenBooks {
  readonly database: Database;
  readonly ledger: WalletLedger;
}

/**
 * Opens our database and the configured ledger for the work, and names the ledger.
 *
 * @throws SettingsError as the service does, before anything is opened
 */
export async function onBooks<T>(
  environment: Environment,
  work: (books: OpenBooks) => Promise<T>,
): Promise<{ readonly done: T; readonly asked: string }> {
  const settings = namedLedger(environment);
  const log = new EventLog({ level: 'error' }, { write: (line) => void process.stderr.write(line) });
  const database = await openNamedDatabase(environment);
  try {
    const ledger = await chooseLedger(settings, database, log, new HttpService());
    const asked = settings.adapter === 'http' ? String(settings.url) : 'embedded';
    return { done: await work({ database, ledger }), asked };
  } finally {
    await database.pool.end();
  }
}
