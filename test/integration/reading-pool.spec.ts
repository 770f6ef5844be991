import { once } from 'node:events';
import { ReadingPool } from '../../src/platform/database/reading-pool.js';
import { ask } from '../support/database/ask.js';
import { createTestDatabase, type TestDatabase } from '../support/database/test-database.js';

const LIMIT_MS = 400;
const ROWS = 20_000;

let home: TestDatabase;
let pool: ReadingPool;
beforeAll(async () => {
  home = await createTestDatabase({ empty: true });
  pool = new ReadingPool({ url: home.url, poolSize: 1, readingPoolSize: 2 });
});
afterAll(async () => {
  await pool.onApplicationShutdown();
  await home.drop();
});

describe('rows of a snapshot', () => {
  it('come whole and in order to a reader that takes longer for all of them than a statement may', async () => {
    const reader = await pool.openSnapshot(LIMIT_MS);
    const text = 'select n, $1::text as word from generate_series(1, $2::int) n';
    const rows = reader.rows({ text, values: ['a', ROWS] });
    const taken: unknown[] = [];
    for await (const row of rows) {
      taken.push(row);
      if (taken.length === 1) await ask(home.url, `select pg_sleep(${(2 * LIMIT_MS) / 1_000})`);
    }
    await reader.close();
    expect(taken).toHaveLength(ROWS);
    expect([taken[0], taken.at(-1)]).toEqual([
      { n: 1, word: 'a' },
      { n: ROWS, word: 'a' },
    ]);
  });

  it('do not come when the database takes too long to find them', async () => {
    const reader = await pool.openSnapshot(LIMIT_MS);
    const rows = reader.rows({ text: 'select pg_sleep(60)', values: [] });
    rows.resume();
    const [error] = (await once(rows, 'error')) as unknown[]; // the emitter declares no types
    expect(error).toMatchObject({ code: '57014' });
    await reader.close();
    expect(await pool.run({ text: 'select 1 as one', values: [] })).toEqual([{ one: 1 }]);
  });
});
