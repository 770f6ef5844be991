import type { QueryRunner } from 'typeorm';
import { MIGRATIONS } from '../migrations/migrations.js';

/** Migrations of the first days, which every database with many rows already has. */
const FIRST_DAYS_UNTIL = 1_700_000_001_000;

/** Tables that have no row for each payment, and those of the embedded ledger, which is for trials. */
const SMALL =
  /^(ledger_\w+|sweep_rest|decode_pause|decode_budget|record_watch|debit_alarm|notification_alarm|api_key|api_key_state|ended_session|provider_session|rate_limit|data_key|data_sealing|repaired_debit|operator_action|record_anchor)$/;

interface RunMigration {
  readonly name: string;
  readonly isInTransaction: boolean;
  readonly statements: readonly string[];
}

/** The lock of a statement on an existing table or its rows; undefined when it takes only a moment. */
function lockOf(statement: string, isInTransaction: boolean): { table: string; fault: string } | undefined {
  const text = statement
    .replace(/--[^\n]*/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
  const table = (pattern: RegExp): string | undefined => pattern.exec(text)?.[1];
  const index = table(/^create (?:unique )?index (?!concurrently)(?:if not exists )?\w+ on (\w+)/);
  if (index !== undefined)
    return { table: index, fault: 'an index without "concurrently" keeps writers waiting' };
  const changed = table(/^(?:update|delete from) (\w+)/);
  if (changed !== undefined && isInTransaction)
    return { table: changed, fault: 'rows that are changed in one transaction are locked until its end' };
  const altered = table(/^alter table (?:if exists |only )*(\w+)/);
  if (altered === undefined) return undefined;
  const parts = actionsOf(text);
  const fault = parts.map((part) => faultOf(part, isInTransaction)).find((found) => found !== undefined);
  return fault === undefined ? undefined : { table: altered, fault };
}

/** The actions of an `alter table`, which commas outside of brackets separate. */
function actionsOf(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const sign of text) {
    if (sign === '(') depth += 1;
    if (sign === ')') depth -= 1;
    if (sign === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += sign;
  }
  return parts;
}

function faultOf(action: string, isInTransaction: boolean): string | undefined {
  if (/\badd (constraint \w+ )?(check|foreign key)\b/.test(action) && !/\bnot valid\b/.test(action))
    return 'a constraint that is not "not valid" reads every row under a lock';
  if (/\badd (constraint \w+ )?(unique|primary key)\b/.test(action) && !/\busing index\b/.test(action))
    return 'a key makes its index under a lock, without "using index"';
  if (/\bvalidate constraint\b/.test(action) && isInTransaction)
    return 'a constraint is validated while the transaction still has the lock of others';
  if (/\balter (column )?\w+ (set data )?type\b/.test(action))
    return 'a column of another type is written anew';
  if (/\balter (column )?\w+ set not null\b/.test(action)) return '"not null" reads every row under a lock';
  if (
    /\badd (?!constraint )(column )?(if not exists )?\w+ [^(]*\b(generated|references|unique|check)\b/.test(
      action,
    )
  )
    return 'a column with a rule of its own reads or writes every row under a lock';
  if (/\bdefault (now|clock_timestamp|gen_random_uuid|random|db_now)\b/.test(action))
    return 'a default that is another one for each row writes every row anew';
  return undefined;
}

/** The statements of a text, which semicolons outside of function bodies separate. */
function statementsOf(text: string): string[] {
  const bodies = text.split('$$');
  const marked = bodies.map((part, at) => (at % 2 === 1 ? 'a body' : part)).join(' ');
  return marked
    .replace(/--[^\n]*/g, ' ')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

async function statementsBy(Migration: (typeof MIGRATIONS)[number]): Promise<RunMigration> {
  const texts: string[] = [];
  const migration = new Migration();
  const query = async (text: string): Promise<unknown[]> => {
    texts.push(text);
    return [];
  };
  // A migration asks its runner for nothing else.
  await migration.up({ query } as QueryRunner);
  const isInTransaction = !('transaction' in migration && migration.transaction === false);
  return { name: Migration.name, isInTransaction, statements: texts.flatMap(statementsOf) };
}

/** Every statement that would keep the writers of a table waiting while it has many rows. */
function faultsOf(migrations: readonly RunMigration[]): string[] {
  const there = new Set<string>();
  const faults: string[] = [];
  for (const { name, isInTransaction, statements } of migrations) {
    const made = statements.flatMap(
      (statement) => /create (?:unlogged )?table (\w+)/i.exec(statement)?.[1] ?? [],
    );
    for (const statement of statements) {
      const lock = lockOf(statement, isInTransaction);
      if (lock && there.has(lock.table) && !SMALL.test(lock.table))
        faults.push(`${name}: ${lock.table}: ${lock.fault}`);
    }
    for (const table of made) there.add(table);
  }
  return faults;
}

describe('a migration', () => {
  const run = (statements: string, isInTransaction = true) =>
    faultsOf([
      { name: 'First', isInTransaction: true, statements: ['create table payment_order (payment_id uuid)'] },
      { name: 'Next', isInTransaction, statements: statementsOf(statements) },
    ]);

  it.each([
    ['create index a_ix on payment_order (status)', 'an index'],
    ['create unique index if not exists a_uq\n on payment_order (status)', 'an index'],
    ['update payment_order set a = 1', 'rows that are changed'],
    ['delete from payment_order where a = 1', 'rows that are changed'],
    ['alter table payment_order add constraint a_ck check (a > 1)', 'not valid'],
    ['alter table payment_order add column a int, add constraint a_ck check (a in (1, 2))', 'not valid'],
    ['alter table payment_order add foreign key (a) references b (a)', 'not valid'],
    ['alter table payment_order add constraint a_uq unique (a)', 'using index'],
    ['alter table payment_order validate constraint a_ck', 'is validated'],
    ['alter table payment_order alter column a type bigint', 'another type'],
    ['alter table payment_order alter a set data type bigint', 'another type'],
    ['alter table payment_order alter column a set not null', 'not null'],
    ['alter table payment_order add column a int references b (a)', 'a rule of its own'],
    ['alter table payment_order add column a timestamptz not null default clock_timestamp()', 'for each row'],
    ['-- a comment; and more\nselect 1; create index b_ix on payment_order (a)', 'an index'],
  ])('may not keep writers waiting: %s', (statements, fault) => {
    expect(run(statements)).toEqual([expect.stringContaining(fault)]);
  });

  it.each([
    'alter table payment_order add column a int not null default 1',
    'alter table payment_order add constraint a_ck check (a > 1) not valid',
    'alter table payment_order drop constraint a_ck',
    'create table other (a int); create index other_ix on other (a); update other set a = 1',
    'create index a_ix on ledger_movement (key)',
    'create function f() returns trigger language plpgsql as $$ begin update payment_order set a = 1; end $$;',
  ])('may: %s', (statements) => expect(run(statements)).toEqual([]));

  it('may read a whole table outside of a transaction, while others write', () => {
    expect(run('create index concurrently a_ix on payment_order (a)', false)).toEqual([]);
    expect(run('alter table payment_order validate constraint a_ck', false)).toEqual([]);
    expect(run('create index a_ix on payment_order (a)', false)).toHaveLength(1);
  });

  it('of ours keeps no writer waiting, however many rows there are', async () => {
    const all = await Promise.all(MIGRATIONS.map((one) => statementsBy(one)));
    expect(all.map(({ statements }) => statements.length)).not.toContain(0);
    const isOld = (name: string): boolean => Number(/\d+$/.exec(name)?.[0]) <= FIRST_DAYS_UNTIL;
    expect(faultsOf(all).filter((fault) => !isOld(fault.split(':')[0] ?? ''))).toEqual([]);
  });
});
