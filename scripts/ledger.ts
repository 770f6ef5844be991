import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { DataSource } from 'typeorm';
import { sqlStateOf } from '../src/platform/database/conflict-retry.js';
import { Database } from '../src/platform/database/database.js';
import { DemoCustomers } from '../src/wallet-ledger/embedded/demo-customers.js';
import { LedgerBooks, type CustomerBook } from '../src/wallet-ledger/embedded/ledger-books.js';

const USAGE = `The embedded wallet ledger of DATABASE_URL.

  npm run ledger -- open <customerId> [--blocked] [--opening-balance <value>]
      Opens a customer. With an opening balance every account of the customer starts with it, in
      whatever currency it is first used; without one the customer needs a deposit first.
  npm run ledger -- deposit <customerId> <currency> <value> [--key <key>] [--description <text>]
      Puts money in. Repeated with the same --key it moves nothing; without --key each call is a new deposit.
  npm run ledger -- show <customerId>
      Balances, and the last movements.
  npm run ledger -- demo
      Opens customer-rich, customer-poor and customer-blocked.
  npm run ledger -- check
      Audits all books.

Values are whole minor units: 1050 HKD is 10.50 dollars. --json prints JSON instead of text.
Exit codes: 0 done, 1 refused, not found or faulty books, 2 wrong usage.`;

export interface CommandResult {
  readonly exitCode: 0 | 1 | 2;
  /** For --json. */
  readonly report: unknown;
  readonly text: string;
}

class UsageError extends Error {}

interface Flags {
  readonly blocked?: boolean;
  readonly 'opening-balance'?: string;
  readonly key?: string;
  readonly description?: string;
}

type Command = (books: LedgerBooks, args: readonly string[], flags: Flags) => Promise<CommandResult>;

const COMMANDS: Readonly<Record<string, Command>> = { open, deposit, show, demo, check };

/** Runs one command line against open books. */
export async function ledgerCommand(args: readonly string[], books: LedgerBooks): Promise<CommandResult> {
  try {
    const { values, positionals } = parse(args);
    const [name = '', ...rest] = positionals;
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command === undefined) throw new UsageError(name === '' ? 'no command' : `no command named ${name}`);
    return await command(books, rest, values);
  } catch (error) {
    if (error instanceof UsageError) return usage(error.message);
    throw error;
  }
}

function parse(args: readonly string[]): { values: Flags; positionals: string[] } {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        blocked: { type: 'boolean' },
        'opening-balance': { type: 'string' },
        key: { type: 'string' },
        description: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
  } catch (cause) {
    throw new UsageError('an option that does not exist, or that lacks its value', { cause });
  }
}

async function open(books: LedgerBooks, args: readonly string[], flags: Flags): Promise<CommandResult> {
  const [customerId = ''] = expectWords(args, 1);
  if (customerId.length > 64) throw new UsageError('a customerId has at most 64 characters');
  const openingText = flags['opening-balance'];
  const opened = await books.open({
    customerId,
    blocked: flags.blocked ?? false,
    openingBalance: openingText === undefined ? null : minorUnits(openingText),
  });
  return {
    exitCode: 0,
    report: { customerId, opened },
    text: opened ? `opened ${customerId}` : `${customerId} is there already and was left as it is`,
  };
}

async function deposit(books: LedgerBooks, args: readonly string[], flags: Flags): Promise<CommandResult> {
  const [customerId = '', currency = '', value = ''] = expectWords(args, 3);
  if (!/^[A-Z]{3}$/.test(currency)) throw new UsageError(`${currency} is no ISO 4217 currency`);
  const key = flags.key ?? `deposit-${randomUUID()}`;
  if (!/^[\x21-\x7e]{1,128}$/.test(key)) throw new UsageError('a key is 1 to 128 characters without blanks');
  const amount = { currency, value: minorUnits(value) };
  const answer = await books.deposit({
    key,
    customerId,
    amount,
    description: flags.description ?? 'deposit by hand',
  });
  const report = { ...answer, key, customerId, amount: { currency, value: amount.value.toString() } };
  if (answer.outcome === 'refused') return { exitCode: 1, report, text: `refused: ${answer.code}` };
  return {
    exitCode: 0,
    report,
    text: `deposited ${value} ${currency} for ${customerId}, key ${key}, reference ${answer.ledgerReference}`,
  };
}

async function show(books: LedgerBooks, args: readonly string[]): Promise<CommandResult> {
  const [customerId = ''] = expectWords(args, 1);
  const book = await books.show(customerId);
  if (book === undefined) {
    return { exitCode: 1, report: { customerId, found: false }, text: `no customer ${customerId}` };
  }
  return { exitCode: 0, report: book, text: bookText(book) };
}

async function demo(books: LedgerBooks, args: readonly string[]): Promise<CommandResult> {
  expectWords(args, 0);
  const customers = await new DemoCustomers(books).openDemoCustomers();
  return { exitCode: 0, report: { customers }, text: `there are ${customers.join(', ')}` };
}

async function check(books: LedgerBooks, args: readonly string[]): Promise<CommandResult> {
  expectWords(args, 0);
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

function expectWords(args: readonly string[], count: number): readonly string[] {
  if (args.length !== count || args.includes('')) {
    throw new UsageError(`expected ${count} words after the command`);
  }
  return args;
}

function minorUnits(text: string): bigint {
  if (!/^[1-9]\d{0,38}$/.test(text))
    throw new UsageError(`${text} is no whole number of minor units above zero`);
  return BigInt(text);
}

function usage(fault: string): CommandResult {
  return { exitCode: 2, report: { fault, usage: USAGE }, text: `${fault}\n\n${USAGE}` };
}

async function main(args: readonly string[]): Promise<number> {
  const url = process.env['DATABASE_URL'];
  if (args.includes('--help') || args.includes('-h')) {
    console.log(USAGE);
    return 0;
  }
  if (url === undefined || url === '') {
    console.error(`DATABASE_URL is not set.\n\n${USAGE}`);
    return 2;
  }
  const dataSource = new DataSource({ type: 'postgres', url });
  try {
    await dataSource.initialize();
    const result = await ledgerCommand(args, new LedgerBooks(new Database(dataSource)));
    const text = args.includes('--json') ? JSON.stringify(result.report, null, 2) : result.text;
    (result.exitCode === 2 ? console.error : console.log)(text);
    return result.exitCode;
  } catch (error) {
    console.error(failureText(error));
    return 1;
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

function failureText(error: unknown): string {
  if (sqlStateOf(error) === '42P01') return 'The ledger has no tables here yet: migrate this database first.';
  return `The ledger did not answer: ${error instanceof Error ? error.message : String(error)}`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await main(process.argv.slice(2));
}
