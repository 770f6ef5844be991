import { connectChecked } from '../../src/platform/database/checked-connection.js';
import { ask } from '../support/database/ask.js';
import { createTestDatabase, type TestDatabase } from '../support/database/test-database.js';
import { startTestService } from '../support/service/test-service.js';
import { wholeScan } from '../support/service/whole-scan.js';

jest.setTimeout(120_000);

/**
 * Preferences that an administrator may have set for a database or a role; each changes the meaning of statements or
 * ends them early.
 */
const PREFERENCES: readonly (readonly [name: string, value: string])[] = [
  ['datestyle', 'German'],
  ['timezone', `'Asia/Kolkata'`],
  ['intervalstyle', 'postgres_verbose'],
  ['bytea_output', 'escape'],
  ['extra_float_digits', '-10'],
  ['standard_conforming_strings', 'off'],
  ['transform_null_equals', 'on'],
  ['array_nulls', 'off'],
  ['client_encoding', 'LATIN1'],
  ['client_min_messages', 'debug1'],
  ['lc_messages', `'C'`],
  ['default_transaction_isolation', 'serializable'],
  ['default_transaction_deferrable', 'on'],
  ['statement_timeout', `'30ms'`],
  ['lock_timeout', `'1ms'`],
  ['idle_in_transaction_session_timeout', `'300ms'`],
  ['idle_session_timeout', `'300ms'`],
  ['transaction_timeout', `'300ms'`],
  ['search_path', 'theirs, public'],
  ['plpgsql.variable_conflict', 'use_column'],
  ['plan_cache_mode', 'force_generic_plan'],
];

describe('a database with preferences of its own', () => {
  let database: TestDatabase;
  const set = (name: string, value: string) =>
    ask(database.url, `alter database "${new URL(database.url).pathname.slice(1)}" set ${name} = ${value}`);
  beforeEach(async () => {
    database = await createTestDatabase({ empty: true });
  });
  afterEach(() => database.drop());

  it('is migrated, and payments, queues and searches work as in any other, without a warning', async () => {
    await ask(database.url, 'create schema theirs');
    for (const [name, value] of PREFERENCES) await set(name, value);
    const test = await startTestService({ database });
    try {
      const { paymentId } = await wholeScan(test, 'preferences \\ é');
      const found = await test.operator.operations('/payments?status=PAID');
      expect(found.body.payments).toEqual([expect.objectContaining({ paymentId })]);
      expect((await test.operator.operations('/summary')).status).toBe(200);
      expect(test.log.filter((line) => /"level":"(warn|error|fatal)"/.test(line))).toEqual([]);
    } finally {
      await test.stop();
    }
  });

  it.each([
    ['default_transaction_read_only', 'on', 'takes no writes'],
    ['search_path', `''`, 'leads to no schema'],
    ['search_path', 'nowhere', 'leads to no schema'],
    ['session_replication_role', 'replica', 'turns off all triggers'],
  ])('is refused by name with %s = %s', async (name, value, rule) => {
    await set(name, value);
    await expect(connectChecked(database.url)).rejects.toThrow(rule);
  });
});
