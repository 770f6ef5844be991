import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrateDatabase } from '../../../src/platform/database/migrate.js';
import { ofProject } from '../../mpp/root.js';
import { KeptProgram } from '../programs/kept-program.js';
import { DrillDatabase } from './drill-database.js';
import type { LogFolder } from './log-folder.js';
import { openPayers } from './payers.js';

export interface DrillLedgerOptions {
  /** The server on which it has a database of its own. */
  readonly serverUrl: string;
  readonly port: number;
  readonly folder: LogFolder;
  readonly onEndedByItself: (what: string) => void;
}

const DATABASE_NAME = 'ledger';

/**
 * The wallet's core: a process and a database of its own, called over HTTP by the ledger's contract. So its books are
 * not ours, and it can be killed between taking the money and answering.
 */
export class DrillLedger {
  static async prepare(options: DrillLedgerOptions): Promise<DrillLedger> {
    const { serverUrl, folder } = options;
    const databaseUrl = await createDatabase(serverUrl);
    await migrateDatabase(databaseUrl);
    await openPayers(databaseUrl);
    const secretFile = join(folder.directory, 'ledger-secret');
    await writeFile(secretFile, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
    return new DrillLedger(options, databaseUrl, secretFile);
  }

  readonly program: KeptProgram;
  readonly database: DrillDatabase;
  /** The settings that point the service at it. */
  readonly environment: Readonly<Record<string, string>>;

  private constructor(options: DrillLedgerOptions, databaseUrl: string, secretFile: string) {
    const { port, folder, onEndedByItself } = options;
    this.database = new DrillDatabase(databaseUrl);
    this.environment = {
      WALLET_LEDGER: 'http',
      WALLET_LEDGER_URL: `http://127.0.0.1:${port}`,
      WALLET_LEDGER_SECRET_FILE: secretFile,
    };
    this.program = new KeptProgram({
      name: 'the ledger',
      start: {
        file: ofProject('dist/scripts/serve-embedded-ledger.js'),
        args: ['--json', '--port', String(port), '--secret-file', secretFile],
        readyEvent: 'ready',
        onText: folder.log('ledger'),
      },
      environment: { DATABASE_URL: databaseUrl },
      onEndedByItself,
    });
  }
}

async function createDatabase(serverUrl: string): Promise<string> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(`create database ${DATABASE_NAME}`);
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${DATABASE_NAME}`;
  return url.href;
}
