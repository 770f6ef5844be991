import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { startPrivateRedis, type PrivateRedis } from '../../scripts/drill/programs/private-redis.js';
import { createTestDatabase, type TestDatabase } from '../support/database/test-database.js';
import { describeWithRedis } from '../support/redis/describe-with-redis.js';
import { ApiClient, type Json } from '../support/service/api-client.js';
import { prepareTestGround } from '../support/service/test-ground.js';
import { until } from '../support/service/until.js';
import { ServiceProgram } from './service-program.js';

// The last limit: each wait in here has a limit of its own that names what it waits for.
jest.setTimeout(900_000);

const run = promisify(execFile);
const programs: ServiceProgram[] = [];
const databases: TestDatabase[] = [];

afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.remove()));
  await Promise.all(databases.splice(0).map((database) => database.drop()));
});

type Environment = Readonly<Record<string, string>>;

async function bannerOf(environment: Environment): Promise<ServiceProgram> {
  const program = await ServiceProgram.start({ PORT: '0', ...environment });
  programs.push(program);
  await program.ready();
  await until('it tells how to go on', () => program.said.includes('Stop with Ctrl-C'));
  return program;
}

async function ownDatabase(): Promise<Environment> {
  const database = await createTestDatabase();
  databases.push(database);
  return { DATABASE_URL: database.url };
}

/** The first command of the banner, as a person copies it into a shell. */
function printedScan(said: string): string {
  const found = /^ +(curl [^\n]*\/v1\/scans [^\n]*\\\n[^\n]*)$/m.exec(said)?.[1];
  if (found === undefined) throw new Error(`no scan to try in\n${said}`);
  return found;
}

async function scanAndConfirmAsPrinted(environment: Environment): Promise<void> {
  const program = await bannerOf(environment);
  const { stdout } = await run('/bin/sh', ['-c', printedScan(program.said)]);
  const first: Json = JSON.parse(stdout);
  const app = new ApiClient(await program.ready(), await program.walletToken());
  const scan = first.status === 'PENDING' ? (await app.readScan(first.scanId, 20_000)).body : first;
  expect(scan).toMatchObject({ status: 'DECODED', payment: { status: 'AWAITING_CONFIRMATION' } });
  const confirmed = await app.confirm(scan.payment);
  expect([200, 202]).toContain(confirmed.status);
}

describe('the scan that the banner prints works, and can be confirmed', () => {
  test('with nothing configured', () => scanAndConfirmAsPrinted({}));

  test('with a DATABASE_URL, and again at a later start with another folder', async () => {
    const environment = await ownDatabase();
    await scanAndConfirmAsPrinted(environment);
    await scanAndConfirmAsPrinted(environment);
  });

  test('in an API alone', async () => scanAndConfirmAsPrinted({ ...(await ownDatabase()), ROLE: 'api' }));
});

describeWithRedis('with a Redis of its own, the scan that the banner prints works', () => {
  let redis: PrivateRedis | undefined;
  beforeAll(async () => {
    redis = await startPrivateRedis();
  });
  afterAll(() => redis?.stop());

  test('and can be confirmed', async () =>
    scanAndConfirmAsPrinted({ ...(await ownDatabase()), REDIS_URL: redis?.url ?? '' }));
});

/** The compiled files that the last stage of the Dockerfile copies from its build. */
async function filesOfTheImage(): Promise<string[]> {
  const lastStage = (await readFile('Dockerfile', 'utf8')).split(/^FROM /m).at(-1) ?? '';
  const copies = lastStage.match(/^COPY --from=build .+$/gm) ?? [];
  return copies.flatMap((copy) => [...copy.matchAll(/\/app\/(dist\/\S+)/g)].map(([, path = '']) => path));
}

/** The compiled service as the production image has it. */
async function withoutEmbedded(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'image-'));
  for (const path of await filesOfTheImage())
    await cp(resolve(path), join(folder, path), { recursive: true });
  await cp('package.json', join(folder, 'package.json'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  return folder;
}

describe('without the folder embedded, as in the production image', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await withoutEmbedded();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('the service starts with everything configured', async () => {
    const ground = await prepareTestGround();
    try {
      const program = await ServiceProgram.start(ground.environment, join(folder, 'dist/src/main.js'));
      programs.push(program);
      await program.ready();
      expect(program.said).not.toContain('MPP payments is ready');
      program.signal('SIGTERM');
      expect(await program.ended).toMatchObject({ code: 0 });
    } finally {
      await ground.stop();
    }
  });

  test('the service names what is missing and says that it has no embedded part for it', async () => {
    const program = await ServiceProgram.start({}, join(folder, 'dist/src/main.js'));
    programs.push(program);
    expect(await program.ended).toEqual({ code: 1, killedBy: null });
    for (const name of ['DATABASE_URL', 'API_KEYS_FILE', 'ALIPAYPLUS_BASE_URL']) {
      expect(program.said).toContain(`${name}: is missing, and this installation holds no embedded part`);
    }
    expect(program.said).not.toContain('    at ');
  });
});
