// Bundles the packages that compiled programs import, into dist/node_modules. There Node.js looks first for what a file
// of dist imports, and finds a few files instead of thousands: docs/adr/0038-packages-are-bundled.md.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const SELF = fileURLToPath(import.meta.url);
const ROOT = dirname(dirname(SELF));
const BUNDLED = join(ROOT, 'dist/node_modules');
/** What was bundled, and from which versions; written last. */
const CONTENTS = join(BUNDLED, '.contents.json');
/** Two programs that are started at once may both find that it has to be made. */
const WORK = join(ROOT, `out/bundled-packages/${process.pid}`);

const PROGRAMS = [
  'dist/src/main.js',
  'dist/embedded/postgres/keeper.js',
  'dist/scripts/*.js',
  'dist/twin/main.js',
];
/** What Node.js itself would load: nothing meant for browsers or for bundlers. */
const LIKE_NODE = { bundle: true, format: 'esm', platform: 'node', conditions: [], mainFields: ['main'] };
/** Changes the global `Reflect`, which must have happened before the first decorator of any file. */
const FIRST = 'reflect-metadata';
/** The rest is what code of CommonJS modules uses: by `require` it loads Node's own modules. */
const HEAD = `import '${FIRST}';
import { createRequire as createRequireHere } from 'node:module';
const require = createRequireHere(import.meta.url);
const treeOfPackages = import.meta.dirname.slice(0, import.meta.dirname.lastIndexOf('node_modules') - 'dist/'.length);`;

const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const versions = createHash('sha256')
  .update(readFileSync(join(ROOT, 'package-lock.json')))
  .update(readFileSync(SELF))
  .digest('hex');
const kept = existsSync(CONTENTS) ? JSON.parse(readFileSync(CONTENTS, 'utf8')) : {};

function modifiedAt(file) {
  return statSync(file).mtimeMs;
}

async function renew() {
  const esbuild = await import('esbuild');
  const cause = await whyItCannotRun(esbuild);
  if (cause !== undefined) {
    rmSync(BUNDLED, { recursive: true, force: true });
    console.error(
      `Packages are not bundled, so programs start later: ${cause}. "npm ci" installs the bundler.`,
    );
    return undefined;
  }
  const imports = await importsOfPrograms(esbuild);
  const contents = { versions, imports };
  const now = new Date();
  if (JSON.stringify(contents) === JSON.stringify(kept)) return utimesSync(CONTENTS, now, now);
  console.error('Bundling the packages they import …');
  await bundle(esbuild, imports);
  writeFileSync(join(WORK, 'node_modules/.contents.json'), JSON.stringify(contents));
  rmSync(BUNDLED, { recursive: true, force: true });
  renameSync(join(WORK, 'node_modules'), BUNDLED);
  return rmSync(WORK, { recursive: true, force: true });
}

/** Its program is an optional package for each platform: left out on request, or of the machine where node_modules was made. */
async function whyItCannotRun({ transform }) {
  try {
    await transform('');
    return undefined;
  } catch (error) {
    return String(error.message).split('\n')[0].trim().replace(/\.$/, '');
  }
}

/** Those of packages that production has; of a development dependency only the one copy in node_modules is used. */
async function importsOfPrograms({ build }) {
  const { metafile } = await build({
    ...LIKE_NODE,
    absWorkingDir: ROOT,
    entryPoints: PROGRAMS,
    packages: 'external',
    outdir: 'dist',
    write: false,
    metafile: true,
  });
  const names = Object.values(metafile.inputs)
    .flatMap(({ imports }) => imports.filter(({ external }) => external))
    .map(({ path }) => path)
    .filter((name) => name !== FIRST && Object.hasOwn(dependencies, packageOf(name)));
  return [...new Set(names)].sort();
}

function packageOf(name) {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

async function bundle({ build }, imports) {
  rmSync(WORK, { recursive: true, force: true });
  mkdirSync(WORK, { recursive: true });
  const entries = await Promise.all(imports.map(entryOf));
  const { outputFiles } = await build({
    ...LIKE_NODE,
    absWorkingDir: ROOT,
    write: false,
    entryPoints: entries.map(({ source, name }) => ({ in: source, out: name })),
    outdir: join(WORK, 'node_modules'),
    splitting: true,
    chunkNames: '.chunks/[name]-[hash]',
    target: 'node20',
    banner: { js: HEAD },
    // Nest and TypeORM go by the names of classes, and people by those in a stack.
    keepNames: true,
    plugins: [leaveOutside, knowTheirPlace],
    logLevel: 'warning',
  });
  writeBundle(outputFiles);
  for (const name of new Set(imports.map(packageOf)))
    writeFileSync(join(WORK, 'node_modules', name, 'package.json'), manifestOf(name, entries));
}

/** What esbuild calls for each function that is made, to give it its name. */
const NAMING = 'var __name = (target, value) => __defProp(target, "name", { value, configurable: true });';
/**
 * Half a microsecond each, for a hundred functions that packages make in every request. Nearly all have their name, and of
 * the rest nobody asks an arrow for it.
 */
const NAMING_WHERE_NEEDED = `var __name = (target, value) =>
  target.name === value || !Object.hasOwn(target, 'prototype')
    ? target
    : __defProp(target, 'name', { value, configurable: true });`;

function writeBundle(files) {
  if (!files.some(({ text }) => text.includes(NAMING)))
    throw new Error('esbuild names functions in another way');
  for (const { path, text } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      text.replace(NAMING, () => NAMING_WHERE_NEEDED),
    );
  }
}

/** A module that exports what Node.js says the package exports; of a CommonJS one nothing else says so. */
async function entryOf(name) {
  const exported = Object.keys(await import(name)).filter((one) => one !== 'module.exports');
  const source = join(WORK, `${name.replaceAll('/', '+')}.mjs`);
  writeFileSync(source, `export { ${exported.join(', ')} } from '${name}';\n`);
  const inside = name === packageOf(name) ? 'index' : name.slice(packageOf(name).length + 1);
  return { source, import: name, name: `${packageOf(name)}/${inside.replace(/\.js$/, '')}` };
}

function manifestOf(name, entries) {
  const exports = entries
    .filter((entry) => packageOf(entry.import) === name)
    .map((entry) => [`.${entry.import.slice(name.length)}`, `.${entry.name.slice(name.length)}.js`]);
  return JSON.stringify({ name, type: 'module', exports: Object.fromEntries(exports) });
}

/** What a package loads when it is needed and we do not need, or may not be installed, is found where it always was. */
const leaveOutside = {
  name: 'leave-outside',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === leaveOutside || kind === 'entry-point') return undefined;
      if (path === FIRST || kind === 'dynamic-import') return { path, external: true };
      const found = await resolve(path, { kind, importer, resolveDir, pluginData: leaveOutside });
      return found.errors.length > 0 ? { path, external: true } : undefined;
    });
  },
};

/** A CommonJS module that reads a file beside itself finds it where it was installed. */
const knowTheirPlace = {
  name: 'know-their-place',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]node_modules[/\\].*\.c?js$/ }, ({ path }) => {
      const code = readFileSync(path, 'utf8');
      if (!/\b__(dirname|filename)\b/.test(code)) return undefined;
      const place = `var __filename = require('node:path').join(treeOfPackages, ${JSON.stringify(relative(ROOT, path))})`;
      return { contents: `${place}, __dirname = require('node:path').dirname(__filename); ${code}` };
    });
  },
};

if (kept.versions !== versions || modifiedAt(CONTENTS) < modifiedAt(join(ROOT, 'dist/.tsbuildinfo')))
  await renew();
