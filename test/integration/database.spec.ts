import { Database, type Runner, type Statement } from '../../src/platform/database/database.js';
import { openPool } from '../../src/platform/database/pool.js';
import { waitingFor } from '../../src/platform/health/pool-watch.js';
import { ReadingPool } from '../../src/platform/database/reading-pool.js';
import { ask } from '../support/database/ask.js';
import { TcpGate } from '../../scripts/drill/programs/tcp-gate.js';
import { createTestDatabase, type TestDatabase } from '../support/database/test-database.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(60_000);

const sql = (name: string, text: string): Statement => ({ name, text });
const READ = sql('test_read', 'select n from counter where id = $1');
const SET = sql('test_set', 'update counter set n = $2 where id = $1');
const ADD = sql('test_add', 'update counter set n = n + 1 where id = $1 returning n');
const TRY_AND_FAIL = sql('test_fail', `select note_try($1)`);

/** Each attempt of a transaction counts itself in a sequence, which no rollback resets. */
const SCHEMA = `
  create table counter (id int primary key, n int not null);
  insert into counter select id, 0 from generate_series(1, 9) id;
  create sequence tries;
  create function note_try(sqlstate_ text) returns void language plpgsql as $$
  begin
    perform nextval('tries');
    raise exception 'as asked for' using errcode = sqlstate_;
  end $$;
  create table parent (id int primary key);
  create table child (id int references parent deferrable initially deferred);
`;

describe('Database', () => {
  let home: TestDatabase;
  let database: Database;

  const open = (max: number): Database => new Database(openPool(home.url, { name: 'test', max }));
  beforeAll(async () => {
    home = await createTestDatabase({ empty: true });
    await ask(home.url, SCHEMA);
    // Detects a deadlock sooner than after PostgreSQL's default of one second.
    await ask(
      home.url,
      `alter database "${new URL(home.url).pathname.slice(1)}" set deadlock_timeout = '50ms'`,
    );
  });
  beforeEach(async () => {
    database = open(4);
    await ask(home.url, `update counter set n = 0; alter sequence tries restart`);
  });
  afterEach(() => database.pool.end());
  afterAll(() => home.drop());

  const tries = async () =>
    Number((await ask<{ tries: string }>(home.url, `select nextval('tries') - 1 as tries`))[0]?.tries);
  const valueOf = async (id: number) =>
    (await ask<{ n: number }>(home.url, 'select n from counter where id = $1', [id]))[0]?.n;
  const terminate = (where: string) =>
    ask(
      home.url,
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and ${where}`,
    );

  it('prepares a statement once on a connection, under its name', async () => {
    await database.pool.end();
    database = open(1);
    for (const id of [1, 2, 3]) await database.run(READ, [id]);
    await database.transaction((tx) => tx.run(READ, [4]));
    const prepared = await database.run<{ name: string; uses: string }>(
      sql('test_prepared', 'select name, generic_plans + custom_plans as uses from pg_prepared_statements'),
      [],
    );
    expect(prepared).toContainEqual({ name: 'test_read', uses: '4' });
  });

  it('returns amounts and times as they are stored: text for numeric and bigint, a Date for timestamptz', async () => {
    const types = sql(
      'test_types',
      `select 123456789012345678901234567890::numeric as amount, 9007199254740993::bigint as number,
         timestamptz '2026-03-01 12:00:00.123+08' as time, '\\x00ff'::bytea as bytes`,
    );
    expect(await database.run(types, [])).toEqual([
      {
        amount: '123456789012345678901234567890',
        number: '9007199254740993',
        time: new Date('2026-03-01T04:00:00.123Z'),
        bytes: Buffer.from([0, 255]),
      },
    ]);
  });

  it.each(['German', 'SQL, DMY', 'Postgres, YMD'])(
    'reads times where the database writes them as %s',
    async (style) => {
      const name = new URL(home.url).pathname.slice(1);
      await ask(home.url, `alter database "${name}" set datestyle = ${style}`);
      await ask(home.url, `alter database "${name}" set timezone = 'Asia/Kolkata'`);
      const time = new Date('2026-03-01T20:00:00.123Z');
      const text = 'select $1::timestamptz as time';
      const reading = new ReadingPool({ url: home.url, poolSize: 1, readingPoolSize: 2 });
      try {
        await database.pool.end();
        database = open(1);
        expect(await database.run(sql('test_time', text), [time])).toEqual([{ time }]);
        expect(await reading.run({ text, values: [time] })).toEqual([{ time }]);
      } finally {
        await reading.onApplicationShutdown();
        await ask(
          home.url,
          `alter database "${name}" reset datestyle; alter database "${name}" reset timezone`,
        );
      }
    },
  );

  it('gives a connection the name in the address, and its own', async () => {
    await database.pool.end();
    database = new Database(openPool(`${home.url}?application_name=till`, { name: 'test', max: 1 }));
    const shown = sql('test_name', `select current_setting('application_name') as name`);
    expect(await database.run(shown, [])).toEqual([{ name: 'till test' }]);
  });

  it('counts statements as waiting only while every connection is in use', async () => {
    await database.pool.end();
    database = open(1);
    const one = sql('test_one', 'select 1');
    const first = database.run(one, []);
    expect(waitingFor(database.pool)).toBe(0);
    await first;
    const held = await database.pool.connect();
    const waiting = [database.run(one, []), database.run(one, [])];
    expect(waitingFor(database.pool)).toBe(2);
    held.release();
    await Promise.all(waiting);
  });

  it('lets both of two deadlocked transactions finish (40P01), the victim whole and once more', async () => {
    const runs = { forward: 0, backward: 0 };
    const bothHoldOne = meeting(2);
    const walk = (name: keyof typeof runs, first: number, second: number) =>
      database.transaction(async (tx) => {
        runs[name] += 1;
        await tx.run(ADD, [first]);
        // Only the first time: the repeated one finds the other gone.
        if (runs[name] === 1) await bothHoldOne();
        await tx.run(ADD, [second]);
        return name;
      });
    expect(await Promise.all([walk('forward', 1, 2), walk('backward', 2, 1)])).toEqual([
      'forward',
      'backward',
    ]);
    expect(runs.forward + runs.backward).toBe(3);
    expect([await valueOf(1), await valueOf(2)]).toEqual([2, 2]);
  });

  it('lets every transaction finish that could not be serialized (40001), and loses no update', async () => {
    const serializable = sql('test_serializable', 'set transaction isolation level serializable');
    let runs = 0;
    const bothHaveRead = meeting(2);
    const add = () =>
      database.transaction(async (tx) => {
        const run = (runs += 1);
        await tx.run(serializable, []);
        const [row] = await tx.run<{ n: number }>(READ, [3]);
        if (run <= 2) await bothHaveRead();
        await tx.run(SET, [3, row!.n + 1]);
      });
    await Promise.all([add(), add()]);
    expect(runs).toBe(3);
    expect(await valueOf(3)).toBe(2);
  });

  it('repeats a single statement the same way', async () => {
    const name = new URL(home.url).pathname.slice(1);
    await ask(home.url, `alter database "${name}" set default_transaction_isolation = 'repeatable read'`);
    try {
      await database.pool.end();
      database = open(4);
      await Promise.all(Array.from({ length: 12 }, () => database.run(ADD, [4])));
      expect(await valueOf(4)).toBe(12);
    } finally {
      await ask(home.url, `alter database "${name}" reset default_transaction_isolation`);
    }
  });

  it.each(['40001', '40P01'])('gives up on %s that does not end, and reports the code', async (code) => {
    await expect(database.run(TRY_AND_FAIL, [code])).rejects.toMatchObject({ code });
    expect(await tries()).toBe(6);
    await expect(database.transaction((tx) => tx.run(TRY_AND_FAIL, [code]))).rejects.toMatchObject({ code });
  });

  it.each(['23505', '57014', '40002', 'P0001'])('does not repeat work that failed with %s', async (code) => {
    await expect(database.run(TRY_AND_FAIL, [code])).rejects.toMatchObject({ code });
    expect(await tries()).toBe(1);
  });

  it('undoes a transaction whose work throws, and returns a clean connection', async () => {
    await database.pool.end();
    database = open(1);
    const breaking = database.transaction(async (tx) => {
      await tx.run(SET, [5, 42]);
      throw new Error('half-way');
    });
    await expect(breaking).rejects.toThrow('half-way');
    await expect(database.transaction((tx) => tx.run(TRY_AND_FAIL, ['23505']))).rejects.toMatchObject({
      code: '23505',
    });
    expect(await database.run(READ, [5])).toEqual([{ n: 0 }]);
    const open_ = sql('test_open', 'select pg_current_xact_id_if_assigned() as transaction');
    expect(await database.run(open_, [])).toEqual([{ transaction: null }]);
  });

  it('undoes a transaction that must not be committed', async () => {
    const orphan = sql('test_orphan', 'insert into child values (1)');
    const breaking = database.transaction(async (tx) => {
      await tx.run(SET, [6, 42]);
      await tx.run(orphan, []);
    });
    await expect(breaking).rejects.toMatchObject({ code: '23503' });
    expect(await valueOf(6)).toBe(0);
  });

  describe('when its connections break', () => {
    const sleepLong = sql('test_sleep', 'select pg_sleep(60)');

    it('fails the running statement, once, and goes on with the next', async () => {
      const running = database.run(sleepLong, []);
      const failed = expect(running).rejects.toMatchObject({ code: '57P01' });
      await until('it runs', async () => (await terminate(`query like '%pg_sleep(60)%'`)).length > 0);
      await failed;
      expect(await database.run(ADD, [7])).toEqual([{ n: 1 }]);
    });

    it('commits nothing of a running transaction, and leaks no connection', async () => {
      for (let round = 0; round < 8; round += 1) {
        const breaking = database.transaction(async (tx) => {
          await tx.run(SET, [8, 42]);
          const [own] = await tx.run<{ pid: number }>(sql('test_pid', 'select pg_backend_pid() as pid'), []);
          await terminate(`pid = ${own!.pid}`);
          await tx.run(READ, [8]);
        });
        await expect(breaking).rejects.toThrow();
      }
      expect(await valueOf(8)).toBe(0);
      // More than the pool has connections: each of them is free again.
      const parallel = Array.from({ length: 12 }, () =>
        database.transaction((tx: Runner) => tx.run(ADD, [8])),
      );
      await Promise.all(parallel);
      expect(await valueOf(8)).toBe(12);
    });

    it('replaces all of them when one has gone silent, and waits only once', async () => {
      const gate = await TcpGate.before(home.url);
      const silent = new Database(
        openPool(gate.through(home.url), { name: 'test', max: 4, silenceMs: 1_500 }),
      );
      try {
        await Promise.all(Array.from({ length: 4 }, () => silent.run(READ, [1])));
        expect(silent.pool.totalCount).toBe(4);
        gate.swallow();
        const inTransaction = silent.transaction((tx) => tx.run(READ, [1]));
        await expect(inTransaction).rejects.toThrow('Query read timeout');
        expect(silent.pool.totalCount).toBe(0);
        expect(await silent.run(READ, [1])).toEqual([{ n: 0 }]);
      } finally {
        await silent.pool.end();
        await gate.shut();
      }
    });

    it('replaces idle connections that were closed without an error', async () => {
      await Promise.all(Array.from({ length: 8 }, () => database.run(ADD, [9])));
      await terminate('true');
      await until('they are gone', async () => {
        const left = await ask(home.url, `select 1 from pg_stat_activity where datname = current_database()`);
        return left.length === 1;
      });
      expect(await database.run(READ, [9])).toEqual([{ n: 8 }]);
    });
  });
});

describe('the service, when every connection to its database is ended (failures 25)', () => {
  let test: TestService;
  beforeAll(async () => {
    test = await startTestService();
  });
  afterAll(() => test.stop());

  const endAll = () =>
    ask(
      test.database.url,
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );

  it('works on by itself, again and again', async () => {
    for (let round = 0; round < 3; round += 1) {
      await until('it was connected', async () => (await endAll()).length > 0);
      const code = `twin:U,S#after-${round}`;
      const scanned = await until('a scan is taken', async () => {
        const answer = await test.app.scan(code);
        return answer.status < 500 && answer;
      });
      await endAll();
      const payment = await until('it is decoded', async () => {
        const { body } = await test.app.readScan(scanned.body.scanId, 500);
        return body.status === 'DECODED' && body.payment;
      });
      await until('it is paid', async () => (await test.app.confirm(payment)).body.status === 'PAID');
      await endAll();
      await until('it is acknowledged', async () => (await test.books.order(code)).acknowledged === true);
    }
    const orders = await test.books.orders();
    expect(orders).toHaveLength(3);
  });
});

/** Resolves for all when that many have come. */
function meeting(size: number): () => Promise<void> {
  let arrived = 0;
  let open = (): void => undefined;
  const met = new Promise<void>((resolve) => (open = resolve));
  return () => {
    arrived += 1;
    if (arrived === size) open();
    return met;
  };
}
