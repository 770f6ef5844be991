import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../embedded/postgres/free-port.js';
import { startEmbeddedPostgres } from '../../embedded/postgres/start-embedded-postgres.js';
import { startPrivateRedis } from '../../scripts/drill/programs/private-redis.js';
import { descendantsOf } from '../smoke/process-table.js';
import { describeWithRedis } from '../support/redis/describe-with-redis.js';
import { ApiClient } from '../support/service/api-client.js';
import { RawProgram } from '../support/service/raw-program.js';
import { silentServer } from '../support/service/silent-server.js';
import { prepareTestGround, type TestGround } from '../support/service/test-ground.js';
import { until } from '../support/service/until.js';

// The last limit: each wait in here has a limit of its own that names what it waits for.
jest.setTimeout(600_000);

let folder: string;
let ground: TestGround;
const programs: RawProgram[] = [];
const cleanups: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  ground = await prepareTestGround();
  folder = await mkdtemp(join(tmpdir(), 'hung-parts-'));
  await chmod(folder, 0o755);
});
afterEach(async () => {
  for (const program of programs.splice(0)) await program.remove();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(async () => {
  await ground.stop();
  await rm(folder, { recursive: true });
});

interface Running {
  readonly program: RawProgram;
  readonly app: ApiClient;
}

async function run(settings: Readonly<Record<string, string>>): Promise<Running> {
  const port = String(await freePort('127.0.0.1', 0));
  const environment = { ...ground.environment, SHUTDOWN_GRACE_MS: '0', PORT: port, ...settings };
  const program = new RawProgram({ environment });
  programs.push(program);
  await program.untilSaid('service.ready');
  return { program, app: new ApiClient(`http://127.0.0.1:${port}`, ground.tokens.walletApp) };
}

/** The exit code of a stop, which ends at its time limit at the latest. */
async function codeOfStop({ program }: Running): Promise<number | null> {
  program.child.kill('SIGTERM');
  const [code] = await program.ended;
  return code;
}

test('a PostgreSQL that is frozen with all its processes holds no stop beyond its time', async () => {
  const dataDirectory = join(folder, 'of-the-server', 'postgres');
  const server = await startEmbeddedPostgres({
    dataDirectory,
    log: () => undefined,
    durable: false,
    disposable: true,
  });
  cleanups.push(() => server.stop());
  const running = await run({ DATABASE_URL: server.url });
  const [postmaster] = (await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8')).split('\n');
  const frozen = [Number(postmaster), ...(await descendantsOf(Number(postmaster))).map(({ pid }) => pid)];
  expect(frozen.length).toBeGreaterThan(5);
  const all = (signal: NodeJS.Signals): void => frozen.forEach((pid) => process.kill(pid, signal));
  all('SIGSTOP');
  try {
    const scan = running.app.scan(`twin:S#${randomUUID()}`).catch(() => undefined);
    // Its connections are given up as silent, unless the time limit comes first.
    expect([0, 124]).toContain(await codeOfStop(running));
    await scan;
  } finally {
    all('SIGCONT');
  }
});

describeWithRedis('a Redis', () => {
  test('that is frozen holds no stop', async () => {
    const redis = await startPrivateRedis();
    if (!redis) throw new Error('redis-server is not installed');
    cleanups.push(() => redis.stop());
    const running = await run({ REDIS_URL: redis.url, QUEUE_PREFIX: `t${randomUUID().slice(0, 8)}` });
    process.kill(redis.pid, 'SIGSTOP');
    try {
      expect(await codeOfStop(running)).toBe(0);
    } finally {
      process.kill(redis.pid, 'SIGCONT');
    }
  });
});

test('a ledger that never answers holds no stop', async () => {
  await writeFile(join(folder, 'secret'), randomUUID());
  const { server, host, isAsked } = await silentServer();
  cleanups.push(async () => server.close());
  const running = await run({
    WALLET_LEDGER: 'http',
    WALLET_LEDGER_URL: `http://${host}`,
    WALLET_LEDGER_SECRET_FILE: join(folder, 'secret'),
    WALLET_LEDGER_TIMEOUT_MS: '7000',
  });
  const payment = await running.app.decodedPayment(`twin:S;pay=10HKD;payTo=10HKD#${randomUUID()}`, 'rich');
  const confirm = running.app.confirm(payment).catch(() => undefined);
  await until('the ledger is asked', isAsked);
  expect(await codeOfStop(running)).toBe(0);
  await confirm;
});

describe("Node's permission model", () => {
  const flag = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission';
  const runUnder = (nodeArgs: string[], environment: Readonly<Record<string, string>>): RawProgram => {
    const program = new RawProgram({ environment, nodeArgs: [flag, '--allow-fs-read=*', ...nodeArgs] });
    programs.push(program);
    return program;
  };

  test('lets a service without a console run that may only read files', async () => {
    const program = runUnder([], { ...ground.environment, CONSOLE: 'false' });
    await program.untilSaid('service.ready');
    program.child.kill('SIGTERM');
    expect(await program.ended).toEqual([0, null]);
    expect(program.said).not.toMatch(/"level":"(warn|error)"/);
  });

  test('that denies the native code of the console ends the start with the permission to allow', async () => {
    const program = runUnder([], ground.environment);
    expect(await program.ended).toEqual([1, null]);
    expect(program.said).toMatch(/^Cannot start\. Node\.js .*--allow-addons, or set CONSOLE=false\.$/m);
    expect(program.said).not.toMatch(/^ +at /m);
  });

  test('that denies the embedded parts ends the start with what it denies', async () => {
    const program = runUnder(['--allow-fs-write=*', '--allow-addons'], { DATA_DIR: join(folder, 'data') });
    expect(await program.ended).toEqual([1, null]);
    expect(program.said).toMatch(
      /^Cannot start\. Node\.js .* denies ChildProcess.*; allow it, or start without\.$/m,
    );
    expect(program.said).not.toMatch(/^ +at /m);
  });
});
