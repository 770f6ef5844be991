import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wholeNumber } from '../command-line/option-values.js';
import { newCommand, runProgramAndLeave } from '../command-line/run-command.js';
import { SettingsError, type SettingFault } from '../src/platform/config/load-settings.js';
import { Database } from '../src/platform/database/database.js';
import { startEmbeddedPostgres } from '../embedded/postgres/start-embedded-postgres.js';
import { migrateDatabase } from '../src/platform/database/migrate.js';
import { openPool } from '../src/platform/database/pool.js';
import { EventLog } from '../src/platform/logging/event-log.js';
import { DemoCustomers } from '../src/wallet-ledger/embedded/demo-customers.js';
import { EmbeddedWalletLedger } from '../src/wallet-ledger/embedded/embedded-wallet-ledger.js';
import { LedgerBooks } from '../src/wallet-ledger/embedded/ledger-books.js';
import { readLedgerSecret } from '../src/wallet-ledger/http/ledger-secret.js';
import { LedgerHttpServer } from './serve-embedded-ledger/ledger-http-server.js';

const NOTES = `
With DATABASE_URL it works on the ledger in that database, which has to be migrated and to have its customers
("mpp ledger demo"). Without, it starts a PostgreSQL of its own with the demo customers, and deletes it at the
end. Ctrl-C or SIGTERM ends it.`;

export const command = newCommand(
  'mpp serve-embedded-ledger',
  'Serves the embedded wallet ledger over HTTP, by the contract of docs/wallet-ledger.md, on this machine only.',
)
  .option('--port <n>', 'where it listens; 0 takes any free port', wholeNumber(0, 65_535), 0)
  .option('--secret-file <file>', 'the secret that signs requests; without, one is made for this run')
  .option('--json', 'print one line of JSON when it is ready')
  .addHelpText('after', NOTES)
  .action((options) => serve(options, process.env));

interface Options {
  readonly port: number;
  readonly secretFile?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Run in reverse order at the end, however far the start came. */
type Undo = () => Promise<unknown>;

async function serve(options: Options, environment: NodeJS.ProcessEnv): Promise<void> {
  const undo: Undo[] = [];
  const ended = untilToldToEnd();
  try {
    const secretFile = options.secretFile ?? (await makeSecret(undo));
    const database = await openDatabase(environment['DATABASE_URL'] ?? '', undo);
    const log = new EventLog({ level: 'error' }, { write: (line) => void process.stderr.write(line) });
    const faults: SettingFault[] = [];
    const secret = await readLedgerSecret(secretFile, faults);
    if (!secret) throw new SettingsError(faults);
    const server = new LedgerHttpServer(new EmbeddedWalletLedger(database, log), secret);
    const url = await server.listen(options.port);
    undo.push(() => server.close());
    console.log(
      options.json ? JSON.stringify({ event: 'ready', url, secretFile }) : readyText(url, secretFile),
    );
    await ended;
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

/** Waits for a signal of a terminal or a supervisor, or for the end of the program that started this one. */
function untilToldToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve());
    process.on('disconnect', () => resolve());
  });
}

async function openDatabase(configured: string, undo: Undo[]): Promise<Database> {
  const url = configured === '' ? await startThrowawayDatabase(undo) : configured;
  const pool = openPool(url, { name: 'ledger', max: 20 });
  undo.push(() => pool.end());
  const database = new Database(pool);
  if (configured === '') await new DemoCustomers(new LedgerBooks(database)).openDemoCustomers();
  return database;
}

async function startThrowawayDatabase(undo: Undo[]): Promise<string> {
  const directory = await throwawayDirectory(undo);
  // mkdtemp closes the folder to the account that runs the server for root.
  await chmod(directory, 0o755);
  const server = await startEmbeddedPostgres({
    dataDirectory: join(directory, 'postgres'),
    log: () => undefined,
    disposable: true,
  });
  undo.push(() => server.stop());
  await migrateDatabase(server.url);
  return server.url;
}

async function makeSecret(undo: Undo[]): Promise<string> {
  const file = join(await throwawayDirectory(undo), 'ledger-secret');
  await writeFile(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  return file;
}

async function throwawayDirectory(undo: Undo[]): Promise<string> {
  await mkdir('.data', { recursive: true });
  const directory = await mkdtemp('.data/ledger-');
  undo.push(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

function readyText(url: string, secretFile: string): string {
  return `The embedded wallet ledger listens at ${url}; the secret is in ${secretFile}. Try it from another terminal:

  npx mpp certify-ledger ${url} --secret-file ${secretFile} \\
    --customer customer-rich --poor customer-poor --blocked customer-blocked
`;
}

// A keep-alive connection or the channel of a parent must not keep a finished program alive.
await runProgramAndLeave(import.meta.url, command);
