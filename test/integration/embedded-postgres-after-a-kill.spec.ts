import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isAlive } from '../../embedded/postgres/is-alive.js';
import { askAnew as ask, processesOf } from '../support/database/ask.js';
import { EmbeddedFolders } from '../support/database/embedded-folders.js';
import { EmbeddedProgram } from '../support/database/embedded-program.js';
import { waitUntil } from '../support/database/wait-until.js';

// The last limit: every start, stop and wait in here has a limit of its own that names what it waited for.
jest.setTimeout(900_000);

let folders: EmbeddedFolders;
const programs: EmbeddedProgram[] = [];

beforeAll(async () => {
  folders = await EmbeddedFolders.prepare();
});

afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.end('SIGTERM')));
});

afterAll(() => folders.remove());

function launch(dataDirectory: string): EmbeddedProgram {
  const program = new EmbeddedProgram(dataDirectory);
  programs.push(program);
  return program;
}

const commit = (url: string): Promise<unknown[]> => ask(url, 'CREATE TABLE kept AS SELECT 7 AS n');

/** Starts in the folder again, and finds the committed rows. */
async function expectKept(dataDirectory: string): Promise<string> {
  const url = await launch(dataDirectory).url();
  expect(await ask(url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  return url;
}

/** Waits while a server is replaced. */
async function waitForServer(url: string): Promise<void> {
  await waitUntil('the server is back', () =>
    ask(url, 'SELECT 1').then(
      () => true,
      () => false,
    ),
  );
}

describe('kill -9', () => {
  test('of the program: its server ends, the next start waits for that and finds the data', async () => {
    const dataDirectory = await folders.initialised();
    const first = launch(dataDirectory);
    const url = await first.url();
    const { keeperPid, postmasterPid } = await processesOf(url);
    await commit(url);
    await first.end('SIGKILL');
    await expectKept(dataDirectory);
    await waitUntil('keeper and first server are gone', () => ![keeperPid, postmasterPid].some(isAlive));
  });

  test('of program and keeper: the next start ends the orphaned server and finds the data', async () => {
    const dataDirectory = await folders.initialised();
    const first = launch(dataDirectory);
    const url = await first.url();
    const { keeperPid, postmasterPid } = await processesOf(url);
    await commit(url);
    await killBoth(first, keeperPid);
    expect(isAlive(postmasterPid)).toBe(true);
    await expectKept(dataDirectory);
    await waitUntil('the orphan is gone', () => !isAlive(postmasterPid));
  });

  test('of program, keeper and server: the stale pid file does not matter', async () => {
    const dataDirectory = await folders.initialised();
    const first = launch(dataDirectory);
    const url = await first.url();
    const { keeperPid, postmasterPid } = await processesOf(url);
    await commit(url);
    await killBoth(first, keeperPid);
    process.kill(postmasterPid, 'SIGKILL');
    await expectKept(dataDirectory);
  });

  test('of the keeper: another one takes over on the same port and ends the server with the program', async () => {
    const first = launch(await folders.initialised());
    const url = await first.url();
    await commit(url);
    const before = await processesOf(url);
    process.kill(before.keeperPid, 'SIGKILL');
    await waitUntil('another keeper is there', async () => {
      const now = await processesOf(url).catch(() => before);
      return now.keeperPid !== before.keeperPid;
    });
    expect(await ask(url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    const after = await processesOf(url);
    await first.end('SIGTERM');
    await waitUntil('nothing is left', () => ![after.keeperPid, after.postmasterPid].some(isAlive));
  });

  test('of the server: it comes back on the same port', async () => {
    const url = await launch(await folders.initialised()).url();
    await commit(url);
    process.kill((await processesOf(url)).postmasterPid, 'SIGKILL');
    await waitForServer(url);
    expect(await ask(url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  test('of one session: the server goes on, and still refuses a second start', async () => {
    const dataDirectory = await folders.initialised();
    const url = await launch(dataDirectory).url();
    const [session] = await ask<{ pid: number }>(
      url,
      "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'owner %'",
    );
    process.kill(session?.pid ?? 0, 'SIGKILL');
    await waitForServer(url);
    expect(await launch(dataDirectory).result()).toMatchObject({ code: 'ALREADY_IN_USE' });
  });

  test('in the middle of the first start: the next one starts over and cleans up', async () => {
    const dataDirectory = await folders.fresh();
    const parent = dirname(dataDirectory);
    const stagingPrefix = `${basename(dataDirectory)}.initialising-`;
    const first = launch(dataDirectory);
    let staging: string | undefined;
    await waitUntil('initdb is at work', async () => {
      staging = (await readdir(parent)).find((name) => name.startsWith(stagingPrefix));
      return (
        staging !== undefined && (await readdir(join(parent, staging, 'data')).catch(() => [])).length > 0
      );
    });
    await killBoth(first, Number(staging?.slice(stagingPrefix.length)));
    await expect(stat(dataDirectory)).rejects.toMatchObject({ code: 'ENOENT' });

    const url = await launch(dataDirectory).url();
    expect(await ask(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await waitUntil('the next start has cleared up', async () => {
      await programs.at(-1)?.end('SIGTERM');
      await launch(dataDirectory).url();
      return (await readdir(parent)).every((name) => !name.startsWith(stagingPrefix));
    });
  });
});

describe('a pid file', () => {
  /** The file that a crash leaves; its process id has since been given to another process. */
  async function leavePidFile(dataDirectory: string, pid: number, port: number): Promise<void> {
    const file = join(dataDirectory, 'postmaster.pid');
    const lines = [
      pid,
      dataDirectory,
      1_700_000_000,
      port,
      '',
      '127.0.0.1',
      '  1234567         0',
      'ready   ',
      '',
    ];
    await writeFile(file, lines.join('\n'), { mode: 0o600 });
    await utimes(file, new Date(1_700_000_000_000), new Date(1_700_000_000_000));
  }

  test('that names another program of the same user is removed, and that program goes on', async () => {
    const dataDirectory = await folders.initialised();
    await launch(dataDirectory).url();
    await programs.at(-1)?.end('SIGTERM');
    const owner = await stat(dataDirectory);
    const stranger = spawn('sleep', ['600'], { uid: owner.uid, gid: owner.gid, cwd: '/', stdio: 'ignore' });
    await once(stranger, 'spawn');
    try {
      await leavePidFile(dataDirectory, stranger.pid ?? 0, 1);
      const program = launch(dataDirectory);
      expect(await ask(await program.url(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
      expect(JSON.stringify(program.said)).toContain('stale postmaster.pid');
    } finally {
      stranger.kill('SIGKILL');
    }
  });

  test("from a copied folder, which names the original's running server, is ignored", async () => {
    const original = await folders.initialised();
    const url = await launch(original).url();
    await commit(url);
    const copy = await folders.initialised();
    const pidFile = await readFile(join(original, 'postmaster.pid'));
    await writeFile(join(copy, 'postmaster.pid'), pidFile, { mode: 0o600 });
    await utimes(join(copy, 'postmaster.pid'), new Date(1_700_000_000_000), new Date(1_700_000_000_000));

    const copyUrl = await launch(copy).url();
    expect(new URL(copyUrl).port).not.toBe(new URL(url).port);
    await expect(ask(copyUrl, 'SELECT n FROM kept')).rejects.toMatchObject({ code: '42P01' });
    expect(await ask(url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  test('that a loss of power left empty is removed', async () => {
    const dataDirectory = await folders.initialised();
    const file = join(dataDirectory, 'postmaster.pid');
    await writeFile(file, '', { mode: 0o600 });
    await utimes(file, new Date(1_700_000_000_000), new Date(1_700_000_000_000));
    expect(await ask(await launch(dataDirectory).url(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

/** Both at once: the keeper's first act after its program's death would be to stop the server. */
async function killBoth(program: EmbeddedProgram, keeperPid: number): Promise<void> {
  process.kill(keeperPid, 'SIGSTOP');
  await program.end('SIGKILL');
  process.kill(keeperPid, 'SIGKILL');
  await waitUntil('the keeper is gone', () => !isAlive(keeperPid));
}
