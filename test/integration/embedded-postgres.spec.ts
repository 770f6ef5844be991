import { once } from 'node:events';
import { readFile, readdir, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from '../../embedded/postgres/start-embedded-postgres.js';
import { freePort } from '../../embedded/postgres/free-port.js';
import { isAlive } from '../../embedded/postgres/is-alive.js';
import { KeeperProcess } from '../../embedded/postgres/keeper-process.js';
import { takeOwnership } from '../../embedded/postgres/ownership.js';
import { askAnew as ask, processesOf } from '../support/database/ask.js';
import { EmbeddedFolders } from '../support/database/embedded-folders.js';
import { EmbeddedProgram } from '../support/database/embedded-program.js';
import { waitUntil } from '../support/database/wait-until.js';

// The last limit: every start, stop and wait in here has a limit of its own that names what it waited for.
jest.setTimeout(900_000);

let folders: EmbeddedFolders;
const running: EmbeddedPostgres[] = [];
const programs: EmbeddedProgram[] = [];

beforeAll(async () => {
  folders = await EmbeddedFolders.prepare();
});

afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.end('SIGTERM')));
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

afterAll(() => folders.remove());

async function start(
  dataDirectory: string,
  options: Partial<EmbeddedPostgresOptions> = {},
): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDirectory, log: () => undefined, ...options });
  running.push(server);
  return server;
}

function launch(dataDirectory: string): EmbeddedProgram {
  const program = new EmbeddedProgram(dataDirectory);
  programs.push(program);
  return program;
}

const settingOf = async (url: string, name: string): Promise<string | undefined> => {
  const [row] = await ask<{ value: string }>(url, 'SELECT current_setting($1) AS value', [name]);
  return row?.value;
};

/** A stopped server with data, whose port nobody took when it ended: on some systems an outgoing connection may. */
async function stoppedServer(): Promise<{ dataDirectory: string; first: EmbeddedPostgres }> {
  const dataDirectory = await folders.initialised();
  const first = await start(dataDirectory);
  await ask(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
  await first.stop();
  const port = Number(new URL(first.url).port);
  return (await freePort('127.0.0.1', port)) === port ? { dataDirectory, first } : stoppedServer();
}

describe('a start', () => {
  test('in an empty folder gives the database mpp on the loopback address, with a password that only this user can read', async () => {
    const dataDirectory = await folders.fresh();
    const { url } = await start(dataDirectory);

    expect(new URL(url)).toMatchObject({ hostname: '127.0.0.1', pathname: '/mpp', username: 'postgres' });
    expect(await settingOf(url, 'listen_addresses')).toBe('127.0.0.1');
    expect(await settingOf(url, 'unix_socket_directories')).toBe('');
    const passwordFile = `${dataDirectory}.password`;
    expect((await stat(passwordFile)).mode & 0o777).toBe(0o600);
    expect((await readFile(passwordFile, 'utf8')).trim()).toBe(new URL(url).password);
    expect((await stat(dataDirectory)).mode & 0o777).toBe(0o700);

    const [locale] = await ask(
      url,
      "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'mpp'",
    );
    // Text sorts alike on every system, and commits are durable unless a test gives that up.
    expect(locale).toEqual({ datlocprovider: 'b', datlocale: 'C.UTF-8' });
    for (const name of ['fsync', 'synchronous_commit', 'full_page_writes'])
      expect(await settingOf(url, name)).toBe('on');
    expect(await settingOf(url, 'max_connections')).toBe('100');

    const wrong = new URL(url);
    wrong.password = 'guessed';
    await expect(ask(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  test('works in a folder whose path is too long for a unix socket', async () => {
    const deep = `${'a-folder-with-a-rather-long-name-'.repeat(4)}/${'and-another-one-below-it-'.repeat(4)}`;
    const dataDirectory = await folders.initialise(join(dirname(await folders.fresh()), deep));
    const { url } = await start(dataDirectory, { durable: false });
    expect(await settingOf(url, 'fsync')).toBe('off');
  });

  test('comes back on its port with its data, and on another port when that one is taken', async () => {
    const { dataDirectory, first } = await stoppedServer();
    const second = await start(dataDirectory);
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await second.stop();

    const squatter = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
    await once(squatter, 'listening');
    try {
      const third = await start(dataDirectory);
      expect(third.url).not.toBe(first.url);
      expect(await ask(third.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    } finally {
      squatter.close();
    }
  });

  test('in a folder and in copies of it, all at once, gives each a server of its own', async () => {
    const copy = async () => folders.initialise(dirname(await folders.fresh()));
    const copies = await Promise.all(Array.from({ length: 4 }, copy));
    const servers = await Promise.all(copies.map((folder) => start(folder)));
    expect(new Set(servers.map(({ url }) => url)).size).toBe(copies.length);
    await Promise.all(servers.map(({ url }, n) => ask(url, `CREATE TABLE mine AS SELECT ${n} AS n`)));
    const seen = await Promise.all(servers.map(({ url }) => ask(url, 'SELECT n FROM mine')));
    expect(seen).toEqual([[{ n: 0 }], [{ n: 1 }], [{ n: 2 }], [{ n: 3 }]]);
  });

  test('that lost its port to the server of a copy, which has the same password, does not use that server', async () => {
    const [copy, dataDirectory] = [await folders.initialised(), await folders.initialised()];
    const { port, password } = new URL((await start(copy)).url);
    const server = { pid: process.pid, port: Number(port), dataDirectory, isRunning: true };
    const claim = { server, password, ownerPid: process.pid, wanted: dataDirectory, readyLimitMs: 300 };
    const { signal } = new AbortController();
    await expect(takeOwnership({ ...claim, signal })).rejects.toThrow(
      'waited 0.3 s in vain until the server is ready for connections',
    );
  });
});

describe('an end', () => {
  test('by stop leaves no process and no lock behind', async () => {
    const dataDirectory = await folders.initialised();
    const server = await start(dataDirectory);
    const { keeperPid, postmasterPid } = await processesOf(server.url);
    await server.stop();
    expect([keeperPid, postmasterPid].map(isAlive)).toEqual([false, false]);
    await expect(stat(join(dataDirectory, 'postmaster.pid'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readFile(`${dataDirectory}.log`, 'utf8')).toContain('received fast shutdown request');
    await server.stop();
  });

  test('of the program without stop, because its parent has gone, ends the server as well', async () => {
    const dataDirectory = await folders.initialised();
    const program = launch(dataDirectory);
    const { keeperPid, postmasterPid } = await processesOf(await program.url());
    await program.abandon();
    await waitUntil('keeper and server are gone', () => ![keeperPid, postmasterPid].some(isAlive));
    expect(await readFile(`${dataDirectory}.log`, 'utf8')).toContain('database system is shut down');
  });

  test('of a disposable server deletes all its files', async () => {
    const dataDirectory = await folders.initialise(dirname(await folders.fresh('disposable')));
    const server = await start(dataDirectory, { durable: false, disposable: true });
    await server.stop();
    expect(await folders.names()).not.toContain('disposable');
  });

  test('is not caused by Ctrl-C, which the program has to answer first', async () => {
    const program = launch(await folders.initialised());
    const url = await program.url();
    const { postmasterPid } = await processesOf(url);
    program.interrupt();
    await waitUntil('the program was interrupted', () =>
      program.said.some((line) => Reflect.has(Object(line), 'interrupted')),
    );
    expect(await processesOf(url)).toMatchObject({ postmasterPid });
  });

  test('that cannot be reached, because the keeper is frozen, is reported within its limit', async () => {
    const task = {
      dataDirectory: await folders.initialised(),
      ownerPid: process.pid,
      durable: false,
      disposable: false,
    };
    const keeper = new KeeperProcess(task, () => undefined, { startMs: 600_000, stopMs: 300 });
    const { keeperPid, postmasterPid } = await processesOf(await keeper.ready);
    process.kill(keeperPid, 'SIGSTOP');
    await expect(keeper.stop()).rejects.toMatchObject({
      code: 'CANNOT_STOP',
      message: expect.stringContaining(`keeper ${keeperPid}, keeping its server`),
    });
    expect(isAlive(keeperPid)).toBe(false);
    await start(task.dataDirectory);
    await waitUntil('the next start has ended the server that was left', () => !isAlive(postmasterPid));
  });
});

describe('a second start from the same folder', () => {
  test('while the first is running is refused with its process and a way out, and does not disturb it', async () => {
    const dataDirectory = await folders.initialised();
    const first = launch(dataDirectory);
    const url = await first.url();
    const { postmasterPid } = await processesOf(url);

    const refused = await start(dataDirectory).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'EmbeddedPostgresError', code: 'ALREADY_IN_USE' });
    expect(String(refused)).toContain(`process ${first.pid},`);
    expect(String(refused)).toContain('DATABASE_URL');
    expect(await processesOf(url)).toMatchObject({ postmasterPid });
  });

  test('while the first is still stopping waits for it', async () => {
    const dataDirectory = await folders.initialised();
    const first = await start(dataDirectory);
    await ask(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    const stopped = first.stop();
    const second = await start(dataDirectory);
    await stopped;
    expect(await ask(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  test('at the same moment, both in an empty folder: one gets the server, the other is refused', async () => {
    const dataDirectory = await folders.fresh();
    const [one, other] = [launch(dataDirectory), launch(dataDirectory)];
    const results = await Promise.all([one.result(), other.result()]);

    const urls = results.flatMap((result) => ('url' in result ? [result.url] : []));
    const refusals = results.flatMap((result) => ('code' in result ? [result] : []));
    expect(urls).toHaveLength(1);
    expect(refusals).toMatchObject([{ code: 'ALREADY_IN_USE' }]);
    const winner = 'url' in results[0] ? one : other;
    expect(refusals[0]?.message).toContain(`process ${winner.pid},`);
    expect([one, other].flatMap(({ said }) => said).filter(saysMaking)).toHaveLength(1);
    expect(await ask(urls[0] ?? '', 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

const saysMaking = (line: unknown): boolean => JSON.stringify(line).includes('making a new database');

describe('a start that is abandoned', () => {
  test('ends what it has begun, and leaves no trace for the next one', async () => {
    const dataDirectory = await folders.fresh();
    const giveUp = new AbortController();
    const log = (): void => giveUp.abort();
    await expect(start(dataDirectory, { log, signal: giveUp.signal })).rejects.toThrow();
    const left = await readdir(dirname(dataDirectory));
    expect(left.filter((name) => name !== 'postgres.password')).toEqual([]);
  });
});

describe('a start that cannot succeed says why and what to do', () => {
  test('when the password is gone', async () => {
    const dataDirectory = await folders.initialised();
    await rm(`${dataDirectory}.password`);
    await expect(start(dataDirectory)).rejects.toThrow(/password file .* is missing.*DATABASE_URL/);
  });

  test('within its limit, when its keeper does not get that far', async () => {
    const keeper = new KeeperProcess(
      {
        dataDirectory: await folders.initialised(),
        ownerPid: process.pid,
        durable: false,
        disposable: false,
      },
      () => undefined,
      { startMs: 1, stopMs: 1 },
    );
    await expect(keeper.ready).rejects.toMatchObject({
      code: 'CANNOT_START',
      message: expect.stringMatching(/did not start: waited 0.001 s in vain until it was ready/),
    });
    await keeper.exited;
  });

  test('when the directory holds something else', async () => {
    const dataDirectory = dirname(await folders.initialised());
    await expect(start(dataDirectory)).rejects.toThrow(/holds something else.*DATABASE_URL/);
  });
});
