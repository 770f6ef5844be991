import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const BUNDLED = resolve('dist/node_modules');

interface Contents {
  /** As programs name them, `@nestjs/common` or `preact/hooks`. */
  readonly imports: readonly string[];
}

async function bundledImports(): Promise<readonly string[]> {
  const contents = JSON.parse(await readFile(join(BUNDLED, '.contents.json'), 'utf8')) as Contents; // the build's own file
  return contents.imports;
}

/** What the packages export to a file of that folder, from the packages beside it; in a process that nobody else uses. */
async function exportsSeenFrom(folder: string, imports: readonly string[]): Promise<unknown> {
  const program = `
    const [file, packages] = ${JSON.stringify([join(folder, 'a.js'), join(folder, '../node_modules')].map((path) => pathToFileURL(path).href))};
    const seen = {};
    for (const name of ${JSON.stringify(imports)}) {
      const found = import.meta.resolve(name, file);
      if (!found.startsWith(packages)) throw new Error(found);
      // From version 23 on Node.js adds this name to each CommonJS module; no import uses it.
      seen[name] = Object.keys(await import(found)).filter((one) => one !== 'module.exports').sort();
    }
    console.log(JSON.stringify(seen));`;
  const { stdout } = await run(process.execPath, [
    '--experimental-import-meta-resolve',
    '--input-type=module',
    '--eval',
    program,
  ]);
  return JSON.parse(stdout);
}

/** Every file that a start reads, by what V8 compiled of it. */
async function filesLoadedBy(program: string, ...args: readonly string[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'loaded-'));
  try {
    await run(process.execPath, [program, ...args], { env: { ...process.env, NODE_V8_COVERAGE: folder } });
    const reports = await Promise.all(
      (await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')),
    );
    const own = reports.flatMap((text) => (JSON.parse(text) as { result: { url: string }[] }).result); // V8's own format
    return own.map(({ url }) => url).filter((url) => url.startsWith('file:'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the bundled packages', () => {
  test('are those that the service imports, and export what the packages themselves export', async () => {
    const imports = await bundledImports();
    expect(imports).toEqual(expect.arrayContaining(['@nestjs/common', 'typeorm', 'bullmq', 'preact/hooks']));
    expect(await exportsSeenFrom(resolve('dist/src'), imports)).toEqual(
      await exportsSeenFrom(resolve('src'), imports),
    );
  });

  test('are all that a start loads of packages, so that none is there twice', async () => {
    const root = pathToFileURL(resolve('.')).href;
    const loaded = await filesLoadedBy('dist/src/main.js', '--help');
    const ofPackages = loaded.filter((url) => url.includes('/node_modules/'));
    const elsewhere = ofPackages.filter((url) => !url.startsWith(pathToFileURL(BUNDLED).href));
    expect(elsewhere).toEqual([`${root}/node_modules/reflect-metadata/Reflect.js`]);
    expect(ofPackages.length).toBeLessThan(100);
  });
});
