import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { settingsOf } from '../src/platform/config/from-env.js';
import { COMMANDS } from '../scripts/mpp/commands.js';
import { SETTINGS } from '../src/settings.js';
import { SETTINGS as TWIN_SETTINGS } from '../twin/settings.js';

interface Service {
  readonly image?: string;
  readonly build?: { readonly target: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly volumes?: readonly string[];
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const dockerfile = await readFile('Dockerfile', 'utf8');
// Compose's own format; each test looks at the parts it needs.
const compose = load(await readFile('docker-compose.yml', 'utf8'), {
  schema: CORE_SCHEMA.withTags(mergeTag),
}) as Compose;
const services = Object.entries(compose.services);

function service(name: string): Service {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

describe('docker-compose.yml', () => {
  test('sets only variables that the service, the twin or the image reads', () => {
    const ours = SETTINGS.flatMap(settingsOf).map(({ name }) => name);
    const twins = TWIN_SETTINGS.map(({ name }) => name);
    const known: Readonly<Record<string, readonly string[]>> = {
      twin: twins,
      postgres: ['POSTGRES_USER', 'POSTGRES_DB', 'POSTGRES_PASSWORD_FILE'],
      grafana: [
        'GF_SECURITY_ADMIN_PASSWORD__FILE',
        'GF_ANALYTICS_REPORTING_ENABLED',
        'GF_ANALYTICS_CHECK_FOR_UPDATES',
      ],
    };
    for (const [name, { environment = {} }] of services) {
      const unknown = Object.keys(environment).filter((key) => !(known[name] ?? ours).includes(key));
      expect({ name, unknown }).toEqual({ name, unknown: [] });
    }
  });

  test('leaves no part of api and worker to an embedded default', () => {
    for (const name of ['api', 'worker']) {
      const { environment = {} } = service(name);
      expect(environment).toMatchObject({
        ROLE: name,
        NODE_ENV: expect.any(String),
      });
      for (const needed of ['ALIPAYPLUS_BASE_URL', 'ALIPAYPLUS_PRIVATE_KEY_FILE', 'API_KEYS_FILE']) {
        expect(Object.keys(environment)).toContain(needed);
      }
    }
  });

  test('runs a Redis that keeps every job: append-only, and nothing evicted', () => {
    const { image, command = [] } = service('redis');
    expect(image).toBe('redis:7');
    expect(command.join(' ')).toBe(
      'redis-server --appendonly yes --maxmemory-policy noeviction --aclfile /secrets/users.acl',
    );
  });

  test('runs a PostgreSQL that the service supports', () => {
    expect(service('postgres').image).toBe('postgres:17');
  });

  test('waits for the services that each one needs, and for a state that service can reach', () => {
    const reaches = (name: string): string =>
      service(name).healthcheck?.disable === true ? 'service_completed_successfully' : 'service_healthy';
    for (const [name, { depends_on = {} }] of services) {
      for (const [needed, { condition }] of Object.entries(depends_on)) {
        expect({ name, needed, condition }).toEqual({ name, needed, condition: reaches(needed) });
      }
    }
    expect(Object.keys(service('api').depends_on ?? {})).toEqual(['migrate', 'redis', 'twin']);
    expect(service('worker').depends_on).toEqual(service('api').depends_on);
  });

  test('holds no secret: keys, tokens and the password come from files of a volume', () => {
    for (const [name, { environment = {}, volumes = [] }] of services) {
      const inline = Object.entries(environment).filter(([key]) => /PASSWORD|SECRET|TOKEN|KEY/.test(key));
      for (const [key, value] of inline) {
        expect({ name, key, value }).toEqual({ name, key, value: expect.stringContaining('/secrets/') });
      }
      const mounted = volumes.some((volume) => /^[a-z]+-secrets:\/secrets/.test(volume));
      expect({ name, mounted: mounted || inline.length === 0 }).toEqual({ name, mounted: true });
    }
  });

  test('names only volumes that it declares and scripts that exist', () => {
    for (const [name, { volumes = [], command = [] }] of services) {
      const undeclared = volumes
        .map((volume) => volume.split(':')[0] ?? '')
        .filter((one) => !(one.startsWith('./') ? existsSync(one) : one in compose.volumes));
      expect({ name, undeclared }).toEqual({ name, undeclared: [] });
      const commands = [...command.join(' ').matchAll(/\bmpp ([a-z-]+)/g)].map(([, one]) => one);
      expect(commands.filter((one) => !COMMANDS.some((row) => row.name === one && row.isInImage))).toEqual(
        [],
      );
      for (const [, script = ''] of command.join(' ').matchAll(/dist\/(\S+)\.js/g)) {
        const isCopied = builtFiles().some((file) => `${script}.js`.startsWith(file));
        expect({ script, there: existsSync(`${script}.ts`) && isCopied }).toEqual({ script, there: true });
      }
    }
  });

  test('builds only stages that the Dockerfile has', () => {
    const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, stage]) => stage);
    const targets = services.flatMap(([, { build }]) => (build === undefined ? [] : [build.target]));
    expect(new Set(targets)).toEqual(new Set(['service', 'twin']));
    expect(stages).toEqual(expect.arrayContaining(targets));
  });
});

describe('Dockerfile', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, sources = '']) =>
    sources.split(' '),
  );

  test('copies only files that exist and that .dockerignore lets through', async () => {
    const allowed = (await readFile('.dockerignore', 'utf8'))
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    expect(copied).toContain('src');
    for (const source of copied)
      expect({ source, there: existsSync(source) }).toEqual({ source, there: true });
    expect(new Set(copied)).toEqual(new Set(allowed));
  });

  test('copies between stages only the output of tsc', () => {
    for (const from of builtFiles()) {
      const source = from.replace(/\.js$/, '.ts');
      expect({ from, there: existsSync(source) }).toEqual({ from, there: true });
    }
    expect(builtFiles()).toEqual(expect.arrayContaining(['src', 'migrations', 'twin', 'scripts/migrate.js']));
  });

  test('runs as an ordinary user, on the Node of .nvmrc, and by exec so that signals arrive', async () => {
    const node = (await readFile('.nvmrc', 'utf8')).trim();
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(new Set(bases)).toEqual(new Set([`node:${node}-bookworm-slim`]));
    for (const stage of dockerfile.split(/^FROM /m).slice(3)) {
      expect(stage).toContain('USER node');
      expect(stage).toContain('HEALTHCHECK');
      expect(stage).toMatch(/^CMD \["node", "dist\/\S+\.js"\]$/m);
    }
  });

  test('holds every command that an operator needs, and mpp starts it without a compiler', () => {
    const image = builtFiles(stage('service'));
    const programs = COMMANDS.filter(({ isInImage }) => isInImage).map(({ program }) =>
      program.replace('dist/', ''),
    );
    for (const program of programs)
      expect({
        program,
        isThere: image.some((path) => program === path || program.startsWith(`${path}/`)),
      }).toEqual({
        program,
        isThere: true,
      });
    const others = image.filter((path) => /^scripts\/.*\.js$/.test(path) && !programs.includes(path));
    expect(others).toEqual(['scripts/mpp.js']);
    expect(stage('service')).toMatch(/^COPY bin bin\nRUN ln -s \/app\/bin\/mpp\.js \/usr\/local\/bin\/mpp$/m);
    expect(image.some((path) => path.includes('scripts/run.js') || path === 'scripts')).toBe(false);
  });

  test('holds everything that these programs import, and no development package', async () => {
    const { dependencies } = JSON.parse(await readFile('package.json', 'utf8')) as { dependencies: object }; // npm's own format
    const image = builtFiles(stage('service')).map((path) => path.replace(/\.js$/, ''));
    const entries = ['scripts/mpp.ts', ...COMMANDS.filter(({ isInImage }) => isInImage).map(sourceOf)];
    const { files, packages } = await importedFrom(entries);
    expect(files.length).toBeGreaterThan(300);
    const missing = files.filter((file) => !image.some((path) => file.startsWith(path)));
    // Imported only when needed: the embedded parts, which production refuses, and the twin of a rehearsal, which needs
    // a source tree.
    expect(missing.filter((file) => !/^(embedded|twin)\//.test(file))).toEqual([]);
    expect(packages).toContain('typeorm');
    // The bundle of them; without it the image would start too, only later.
    expect(image).toContain('node_modules');
    expect(packages.filter((name) => !Object.hasOwn(dependencies, name))).toEqual([]);
  });

  test('leaves the embedded parts out', () => {
    const image = builtFiles(stage('service'));
    expect(image).toContain('src');
    expect(image.filter((file) => file.startsWith('embedded'))).toEqual([]);
  });

  test('has an image for trials whose only package is the reader of command lines', async () => {
    const image = builtFiles(stage('twin')).filter((file) => file.endsWith('.js'));
    expect(image).toContain('scripts/trial-secrets.js');
    const files = [
      ...(await sourcesOf('command-line')),
      ...(await sourcesOf('twin')).filter((file) => !file.startsWith('twin/test/')),
      ...image.map((file) => file.replace(/\.js$/, '.ts')),
    ];
    const imported = await Promise.all(files.map(async (file) => packagesIn(await readFile(file, 'utf8'))));
    expect(new Set(imported.flat())).toEqual(new Set(['@commander-js/extra-typings']));
  });
});

function stage(name: string): string {
  const found = dockerfile.split(/^FROM /m).find((text) => text.split('\n', 1)[0]?.endsWith(` AS ${name}`));
  if (found === undefined) throw new Error(`the Dockerfile has no stage ${name}`);
  return found;
}

/** The built files that the Dockerfile, or one of its stages, copies from the stage that compiles. */
function builtFiles(text = dockerfile): string[] {
  return [...text.matchAll(/^COPY --from=build (.*) \S+$/gm)].flatMap(([, sources = '']) =>
    sources.split(' ').map((source) => source.replace('/app/dist/', '')),
  );
}

async function sourcesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts') && !name.includes('spec-support'))
    .map((name) => join(folder, name));
}

function sourceOf({ program }: { readonly program: string }): string {
  return program.replace('dist/', '').replace(/\.js$/, '.ts');
}

/** All modules that are loaded, at once or later, when one of these files runs. */
async function importedFrom(entries: readonly string[]): Promise<{ files: string[]; packages: string[] }> {
  const files = new Set(entries);
  const packages = new Set<string>();
  for (const file of files) {
    const text = await readFile(file, 'utf8');
    for (const name of packagesIn(text)) packages.add(name);
    const runtime = text.replaceAll(/^import type [^;]*;$/gm, '');
    for (const [, path = ''] of runtime.matchAll(/(?:from|import\() ?'(\.[^']*)'/g)) {
      const source = normalize(join(dirname(file), path)).replace(/\.js$/, '.ts');
      const found = [source, `${source}x`].find((one) => existsSync(one));
      if (found !== undefined) files.add(found);
    }
  }
  return { files: [...files], packages: [...packages] };
}

/** The packages that a file imports when it runs; imports of types only are gone by then. */
function packagesIn(source: string): string[] {
  const runtime = source.replaceAll(/^import type .*$/gm, '');
  const specifiers = [
    ...runtime.matchAll(/(?:^import|^\} from|^import .* from|\bimport\() ?'([^'.][^']*)'/gm),
  ];
  return specifiers
    .map(([, name = '']) =>
      (name.startsWith('@') ? name.split('/').slice(0, 2) : name.split('/').slice(0, 1)).join('/'),
    )
    .filter((name) => !name.startsWith('node:') && !builtinModules.includes(name));
}
