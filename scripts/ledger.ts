import { randomUUID } from 'node:crypto';
import { textLike } from '../command-line/option-values.js';
import { Exit, newCommand, runCommand, runProgram } from '../command-line/run-command.js';
import { sqlStateOf } from '../src/platform/database/conflict-retry.js';
import type { Database } from '../src/platform/database/database.js';
import { openNamedDatabase } from '../src/platform/database/open-named-database.js';
import { DemoCustomers } from '../src/wallet-ledger/embedded/demo-customers.js';
import { LedgerBooks, type CustomerBook } from '../src/wallet-ledger/embedded/ledger-books.js';

const NOTES = `
Values are whole minor units: 1050 HKD is 10.50 dollars. For example:

  mpp ledger open customer-1
  mpp ledger deposit customer-1 HKD 100000 --key top-up-1

Exit codes: 0 done, 1 refused, not found, faulty books or no database, 2 wrong usage.`;

const UNDEFINED_TABLE = '42P01';

interface OpenFlags {
  readonly blocked?: boolean | undefined;
  readonly openingBalance?: string | undefined;
}

interface Deposit {
  readonly customerId: string;
  readonly currency: string;
  readonly value: string;
  readonly description: string;
  readonly key?: string | undefined;
}

export interface CommandResult {
  readonly exitCode: number;
  /** For --json. */
  readonly report: unknown;
  readonly text: string;
}

type Work = (books: LedgerBooks) => Promise<CommandResult>;

const CUSTOMER_ID = textLike('1 to 64 characters', /^(?!\s*$).{1,64}$/s);
const MINOR_UNITS = textLike('a whole number of minor units above zero', /^[1-9]\d{0,38}$/);

/** @param run does the work of the chosen command on the books, and ends with its exit code */
function ledgerProgram(run: (work: Work, isJson: boolean) => Promise<void>) {
  const commandOf = (name: string, about: string) =>
    newCommand(name, about).option('--json', 'print JSON instead of text');
  return newCommand('mpp ledger', 'The embedded wallet ledger of DATABASE_URL.')
    .addCommand(
      commandOf('open', 'opens a customer')
        .argument('<customerId>', '1 to 64 characters', CUSTOMER_ID)
        .option('--blocked', 'nothing can be debited from this customer')
        .option(
          '--opening-balance <value>',
          'what every account starts with, in whatever currency it is first used; without, a deposit comes first',
          MINOR_UNITS,
        )
        .action(async (customerId, { json = false, ...flags }) => run(open(customerId, flags), json)),
    )
    .addCommand(
      commandOf('deposit', 'puts money in')
        .argument('<customerId>', 'who gets it', CUSTOMER_ID)
        .argument('<currency>', 'HKD', textLike('an ISO 4217 currency', /^[A-Z]{3}$/))
        .argument('<value>', 'in minor units', MINOR_UNITS)
        .option(
          '--key <key>',
          'repeated with the same key it moves nothing; without, each call is a new deposit',
          textLike('1 to 128 characters without blanks', /^[\x21-\x7e]{1,128}$/),
        )
        .option('--description <text>', 'stands in the books', textLike('a text'), 'deposit by hand')
        .action(async (customerId, currency, value, { json = false, ...flags }) =>
          run(deposit({ customerId, currency, value, ...flags }), json),
        ),
    )
    .addCommand(
      commandOf('show', 'prints balances and the last movements')
        .argument('<customerId>', 'whose', CUSTOMER_ID)
        .action(async (customerId, { json = false }) => run(show(customerId), json)),
    )
    .addCommand(
      commandOf('demo', 'opens customer-rich, customer-poor and customer-blocked').action(
        async ({ json = false }) => run(demo, json),
      ),
    )
    .addCommand(commandOf('check', 'audits all books').action(async ({ json = false }) => run(check, json)))
    .addHelpText('after', NOTES);
}

/** Runs one command line on open books. */
export async function ledgerCommand(args: readonly string[], books: LedgerBooks): Promise<CommandResult> {
  let result: CommandResult | undefined;
  const told: string[] = [];
  const say = (text: string): void => void told.push(text);
  const program = ledgerProgram(async (work) => void (result = await work(books)));
  const exitCode = await runCommand(program, args, { log: say, error: say });
  return result ?? { exitCode, report: {}, text: told.join('\n') };
}

function open(customerId: string, { blocked = false, openingBalance }: OpenFlags): Work {
  return async (books) => {
    const opened = await books.open({
      customerId,
      blocked,
      openingBalance: openingBalance === undefined ? null : BigInt(openingBalance),
    });
    return {
      exitCode: 0,
      report: { customerId, opened },
      text: opened ? `opened ${customerId}` : `${customerId} is there already and was left as it is`,
    };
  };
}

function deposit({
  customerId,
  currency,
  value,
  description,
  key = `deposit-${randomUUID()}`,
}: Deposit): Work {
  return async (books) => {
    const amount = { currency, value: BigInt(value) };
    const answer = await books.deposit({ key, customerId, amount, description });
    const report = { ...answer, key, customerId, amount: { currency, value } };
    if (answer.outcome === 'refused') return { exitCode: 1, report, text: `refused: ${answer.code}` };
    return {
      exitCode: 0,
      report,
      text: `deposited ${value} ${currency} for ${customerId}, key ${key}, reference ${answer.ledgerReference}`,
    };
  };
}

function show(customerId: string): Work {
  return async (books) => {
    const book = await books.show(customerId);
    if (book === undefined) {
      return { exitCode: 1, report: { customerId, found: false }, text: `no customer ${customerId}` };
    }
    return { exitCode: 0, report: book, text: bookText(book) };
  };
}

async function demo(books: LedgerBooks): Promise<CommandResult> {
  const customers = await new DemoCustomers(books).openDemoCustomers();
  return { exitCode: 0, report: { customers }, text: `there are ${customers.join(', ')}` };
}

async function check(books: LedgerBooks): Promise<CommandResult> {
  const faults = await books.check();
  const lines = faults.map((fault) => `${fault.fault} ${fault.subject} ${fault.detail}`);
  return {
    exitCode: faults.length === 0 ? 0 : 1,
    report: { faults },
    text: faults.length === 0 ? 'the books are sound' : lines.join('\n'),
  };
}

function bookText(book: CustomerBook): string {
  const opening = book.openingBalance === null ? '' : `, accounts open with ${book.openingBalance}`;
  const balances = book.balances.map(({ currency, balance }) => `  ${balance} ${currency}`);
  const movements = book.movements.map(
    (movement) =>
      `  ${movement.createdAt.toISOString()} ${movement.kind.padEnd(8)} ${movement.amount} ${movement.currency}  ${movement.key}  ${movement.description}`,
  );
  return [
    `${book.customerId}${book.blocked ? ' (blocked)' : ''}${opening}`,
    'balances, in minor units:',
    ...(balances.length === 0 ? ['  none'] : balances),
    'last movements:',
    ...(movements.length === 0 ? ['  none'] : movements),
  ].join('\n');
}

export const command = ledgerProgram(async (work, isJson) => {
  const result = await withDatabase((database) => work(new LedgerBooks(database)));
  console.log(isJson ? JSON.stringify(result.report, null, 2) : result.text);
  if (result.exitCode !== 0) throw new Exit(result.exitCode);
});

async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openNamedDatabase(process.env);
  try {
    return await work(database);
  } catch (error) {
    if (sqlStateOf(error) !== UNDEFINED_TABLE) throw error;
    throw new Error('The ledger has no tables here yet: migrate this database first.', { cause: error });
  } finally {
    await database.pool.end();
  }
}

await runProgram(import.meta.url, command);
