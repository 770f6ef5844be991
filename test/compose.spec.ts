import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { runCommand } from '../command-line/run-command.js';
import { command as trialSecrets } from '../scripts/trial-secrets.js';

interface Service {
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly user?: string;
  readonly entrypoint?: readonly string[];
}

// Compose's own format; each test looks at the parts it needs.
const compose = load(readFileSync('docker-compose.yml', 'utf8'), {
  schema: CORE_SCHEMA.withTags(mergeTag),
}) as { readonly services: Readonly<Record<string, Service>> };
const services = Object.entries(compose.services);

function service(name: string): Service {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

describe('of docker-compose.yml', () => {
  test.each(services)('%s writes only into its volumes, and cannot change its user', (_name, found) => {
    expect(found).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  });

  test('starts only the program that gives each service its secrets as root, and without a network', () => {
    expect(readFileSync('Dockerfile', 'utf8').match(/^USER node$/gm)).toHaveLength(2);
    expect(services.filter(([, { user }]) => user === 'root').map(([name]) => name)).toEqual(['secrets']);
    expect(service('secrets')).toMatchObject({ network_mode: 'none' });
    for (const name of ['postgres', 'redis']) expect(service(name).user).toBe('999:999');
  });

  test('shares no secret between sides: each reader has a volume of its own', () => {
    const readers = new Map<string, string[]>();
    for (const [name, { volumes = [] }] of services)
      for (const volume of volumes)
        if (name !== 'secrets' && /^[a-z]+-secrets:/.test(volume)) {
          const [which = '', , mode] = volume.split(':');
          expect({ volume, mode }).toEqual({ volume, mode: 'ro' });
          readers.set(which, [...(readers.get(which) ?? []), name]);
        }
    expect(Object.fromEntries(readers)).toEqual({
      'service-secrets': ['migrate', 'api', 'worker'],
      'migrate-secrets': ['migrate'],
      'twin-secrets': ['twin'],
      'postgres-secrets': ['postgres'],
      'redis-secrets': ['redis'],
      'grafana-secrets': ['grafana'],
    });
  });

  test('has a password for Redis and least roles for PostgreSQL, from files', () => {
    const addresses = (name: string): string => service(name).entrypoint?.join(' ') ?? '';
    for (const name of ['api', 'worker']) {
      expect(addresses(name)).toContain('postgres://mpp_run:$$(cat /secrets/run-password)@postgres');
      expect(addresses(name)).toContain('redis://mpp:$$(cat /secrets/redis-password)@redis');
    }
    expect(addresses('migrate')).toContain('postgres://mpp_migrate:$$(cat ');
    expect(service('postgres').volumes).toContain('./docs/roles.sql:/roles.sql:ro');
  });

  test('gives each reader only what it needs, in files of its own', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'trial-secrets-'));
    try {
      const quiet = { log: () => undefined, error: () => undefined };
      expect(await runCommand(trialSecrets, [folder], quiet)).toBe(0);
      const made = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = made
        .filter((one) => one.isFile())
        .map((one) => relative(folder, join(one.parentPath, one.name)));
      expect(files.filter((file) => !file.startsWith('people/')).sort()).toEqual([
        'grafana/admin-password',
        'migrate/migrate-password',
        'postgres/migrate-password',
        'postgres/owner-password',
        'postgres/run-password',
        'redis/users.acl',
        'service/alipayplus-public.pem',
        'service/api-keys.json',
        'service/console-session-secret',
        'service/data-keys',
        'service/mpp-private.pem',
        'service/redis-password',
        'service/run-password',
        'twin/alipayplus-private.pem',
        'twin/mpp-public.pem',
      ]);
      const text = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');
      expect(await text('redis/users.acl')).not.toContain(await text('service/redis-password'));
      for (const [, { environment = {}, volumes = [] }] of services)
        for (const path of Object.values(environment).flatMap(
          (value) => value.match(/\/secrets\/[\w.-]+/g) ?? [],
        )) {
          const volume = volumes.find((one) => one.includes('-secrets:/secrets'))?.split('-secrets')[0] ?? '';
          if (volume !== 'migrate') expect(files).toContain(path.replace('/secrets', volume));
        }
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 60_000);
});
