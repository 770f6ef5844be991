import { setTimeout as sleep } from 'node:timers/promises';
import { wholeNumber } from '../command-line/option-values.js';
import { Exit, newCommand, runProgram } from '../command-line/run-command.js';
import type { RefundKey } from '../src/payment-order/order/ids.js';
import { hashRefunds } from '../src/payment-order/refund/refund.store.js';
import { SEALED_COLUMNS } from '../src/payment-order/sealed-columns.js';
import { loadSettings, SettingsError } from '../src/platform/config/load-settings.js';
import { DataKeys, SEALS_AFTER_MS, type DataKeyRow } from '../src/platform/database/data-keys.js';
import type { Database } from '../src/platform/database/database.js';
import { openNamedDatabase } from '../src/platform/database/open-named-database.js';
import { resealBatch, type ResealedBatch } from '../src/platform/database/resealing.js';
import { chosenWrappingKeys } from '../src/platform/sealing/chosen-wrapping-keys.js';
import { SealingSettings } from '../src/platform/sealing/sealing.settings.js';

const NOTES = `
Works on DATABASE_URL with DATA_KEYS_FILE or DATA_KEYS_TRANSIT_URL, beside running processes.

  begin    encryption begins in a minute; after an update, once every process runs a version with DATA_KEYS_FILE
  make     a new data key, which encrypts in a minute; one a month is plenty
  rotate   what is encrypted with an older key, or not at all, is encrypted with the newest; run it again after an interruption
  rewrap   wraps all data keys with the first key of DATA_KEYS_FILE, or with the service; the old one can then go from the file;
           --all wraps those anew too that are wrapped with it: after a service has rotated its key
  list     the data keys, and since when each encrypts

Exit codes: 0 done, 1 some values could not be decrypted or no database, 2 wrong usage.`;

const USUAL_ROWS = 200;
const MOST_ROWS = 5_000;
const USUAL_PAUSE_MS = 50;

interface At {
  readonly database: Database;
  readonly keys: DataKeys;
}

const SECONDS = SEALS_AFTER_MS / 1_000;

async function onKeys(work: (at: At) => Promise<void>): Promise<void> {
  const wrapping = chosenWrappingKeys(loadSettings([SealingSettings], process.env).get(SealingSettings));
  if (wrapping === undefined) throw new SettingsError([{ name: 'DATA_KEYS_FILE', rule: 'is missing' }]);
  const database = await openNamedDatabase(process.env);
  try {
    const keys = new DataKeys(database, wrapping);
    await keys.begin();
    await work({ database, keys });
  } finally {
    await database.pool.end();
  }
}

async function list({ keys }: At, { json = false }: { readonly json?: boolean | undefined }): Promise<void> {
  const rows = await keys.readAgain();
  if (json) console.log(JSON.stringify(rows.map(view)));
  for (const row of json ? [] : rows) {
    const since =
      row.begins_ms === null ? 'encrypts nothing yet' : `encrypts from ${row.seals_from.toISOString()}`;
    console.log(`${row.key_id}  ${row.purpose}  wrapped with ${row.wrapping_key}  ${since}`);
  }
}

function view(row: DataKeyRow) {
  return {
    keyId: row.key_id,
    purpose: row.purpose,
    wrappingKey: row.wrapping_key,
    sealsFrom: row.begins_ms === null ? null : row.seals_from.toISOString(),
  };
}

async function begin({ keys }: At): Promise<void> {
  const from = await keys.beginSealing();
  console.log(`what is written from ${from?.toISOString()} on is encrypted; rotate encrypts what is there`);
}

async function make({ keys }: At): Promise<void> {
  console.log(`data key ${await keys.make()} encrypts in ${SECONDS} s`);
}

async function rewrap({ keys }: At, all: boolean): Promise<void> {
  console.log(`${await keys.rewrap(all)} data keys are wrapped anew`);
}

/** Small batches with a pause after each, so that the service beside it is not slowed down. */
async function rotate({ database }: At, { rows, pause }: { rows: number; pause: number }): Promise<void> {
  if (database.sealing.sealingKeyId === undefined)
    throw new Error('nothing is encrypted yet; begin comes first');
  let unopened = 0;
  for (const column of SEALED_COLUMNS) {
    const sum = { resealed: 0, emptied: 0, unopened: 0 };
    let after: string | undefined;
    do {
      const batch: ResealedBatch = await resealBatch(database, column, after, rows);
      for (const what of ['resealed', 'emptied', 'unopened'] as const) sum[what] += batch[what];
      after = batch.next;
      if (after !== undefined) await sleep(pause);
    } while (after !== undefined);
    console.log(
      `${column.table}.${column.column}: ${sum.resealed} encrypted, ${sum.emptied} emptied, ${sum.unopened} could not be decrypted`,
    );
    unopened += sum.unopened;
  }
  let [hashed, next]: [number, RefundKey | undefined] = [0, undefined];
  do {
    const batch: Awaited<ReturnType<typeof hashRefunds>> = await hashRefunds(database, next, rows);
    hashed += batch.hashed;
    next = batch.next;
    if (next !== undefined) await sleep(pause);
  } while (next !== undefined);
  console.log(`refund.content: ${hashed} hashed`);
  if (unopened > 0) throw new Exit(1);
}

export const command = newCommand(
  'mpp data-keys',
  'The keys that personal data in the database is encrypted with.',
)
  .addCommand(
    newCommand('list', 'lists them')
      .option('--json', 'one JSON document on standard output')
      .action((flags) => onKeys((at) => list(at, flags))),
  )
  .addCommand(newCommand('begin', 'begins to encrypt').action(() => onKeys(begin)))
  .addCommand(newCommand('make', 'makes a new one').action(() => onKeys(make)))
  .addCommand(
    newCommand('rewrap', 'wraps all with the first key of the file, or with the service')
      .option('--all', 'those too that are wrapped with it')
      .action(({ all = false }) => onKeys((at) => rewrap(at, all))),
  )
  .addCommand(
    newCommand('rotate', 'encrypts everything with the newest')
      .option('--rows <n>', 'in a batch', wholeNumber(1, MOST_ROWS), USUAL_ROWS)
      .option('--pause <ms>', 'after each batch', wholeNumber(0, 60_000), USUAL_PAUSE_MS)
      .action((flags) => onKeys((at) => rotate(at, flags))),
  )
  .addHelpText('after', NOTES);

await runProgram(import.meta.url, command);
