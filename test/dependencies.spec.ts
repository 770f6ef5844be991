import { readFileSync } from 'node:fs';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { load } from 'js-yaml';
import { satisfies, subset, validRange } from 'semver';

interface LockedPackage {
  readonly version?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

interface Manifest {
  readonly engines: { readonly node: string };
  readonly overrides: Readonly<Record<string, string>>;
  readonly '//overrides': Readonly<Record<string, { readonly reason: string; readonly end: string }>>;
}

const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const manifest = json('package.json') as Manifest; // npm's own formats, both
const { packages } = json('package-lock.json') as {
  packages: Readonly<Record<string, LockedPackage>>;
};
const nameOf = (path: string): string =>
  path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** The package that the one at `path` gets for `name`: from its own folder, or from the nearest one above. */
function resolved(path: string, name: string): LockedPackage | undefined {
  const found = packages[path === '' ? `node_modules/${name}` : `${path}/node_modules/${name}`];
  if (found !== undefined || path === '') return found;
  return resolved(path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/'))), name);
}

/** Each version range of a package that is not met, as `dependent > dependency@range: version`. */
function violations(): string[] {
  return Object.entries(packages).flatMap(([path, locked]) =>
    Object.entries({
      ...locked.peerDependencies,
      ...locked.optionalDependencies,
      ...locked.dependencies,
    }).flatMap(([name, range]) => {
      const version = resolved(path, name)?.version;
      // Absent: an optional package for another machine, or a peer that nothing needs.
      if (version === undefined || validRange(range) === null) return [];
      return satisfies(version, range) ? [] : [`${nameOf(path)} > ${name}@${range}: ${version}`];
    }),
  );
}

describe('the lock file', () => {
  it('is read: most packages are found from their dependents', () => {
    expect(resolved('node_modules/@nestjs/platform-fastify', 'fastify')?.version).toMatch(/^5\./);
    expect(resolved('node_modules/@nestjs/common', 'file-type')?.version).toBe(
      manifest.overrides['file-type'],
    );
  });

  it('gives every package the versions it requires, except where package.json overrides them', () => {
    const overridden = Object.keys(manifest.overrides).sort();
    const violated = violations().map((violation) => / > (.+)@[^@]+: /.exec(violation)?.[1] ?? violation);
    expect([...new Set(violated)].sort()).toEqual(overridden);
  });

  it('allows the versions of Node.js that package.json names, and no package forbids one of them', () => {
    const forbidding = Object.entries(packages).filter(
      ([path, { engines }]) =>
        path !== '' && engines?.['node'] !== undefined && !subset(manifest.engines.node, engines['node']),
    );
    expect(forbidding.map(([path, { engines }]) => `${nameOf(path)}: ${engines?.['node']}`)).toEqual([]);
  });
});

describe('an override of package.json', () => {
  it.each(Object.keys(manifest.overrides))('of %s is explained with its reason and its end', (name) => {
    expect(manifest['//overrides'][name]).toEqual({
      reason: expect.stringMatching(/^[A-Z@].{30,}\.$/),
      end: expect.stringMatching(/^[A-Z].{10,}\.$/),
    });
  });

  it('has no explanation left after it is removed', () =>
    expect(Object.keys(manifest['//overrides'])).toEqual(Object.keys(manifest.overrides)));
});

it('the versions of Node.js that CI tries are all allowed', () => {
  const workflow = load(readFileSync('.github/workflows/ci.yml', 'utf8'));
  const tried =
    JSON.stringify(workflow)
      .match(/"node":\[([\d,]+)\]/)?.[1]
      ?.split(',') ?? [];
  expect(tried).toEqual(['20', '22', '24']);
  for (const major of tried) expect(satisfies(`${major}.99.0`, manifest.engines.node)).toBe(true);
});

describe('@nestjs/platform-fastify', () => {
  it('hands cookies to a handler when a test injects them', async () => {
    const app = new FastifyAdapter();
    app.getInstance().get('/', (request, reply) => reply.send(request.headers.cookie));
    const answer = await app.inject({ method: 'GET', url: '/', cookies: { session: 'a b' } });
    expect([answer.statusCode, answer.body]).toEqual([200, 'session=a%20b']);
  });
});
