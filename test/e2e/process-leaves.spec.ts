import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../embedded/postgres/free-port.js';
import { isAlive } from '../../embedded/postgres/is-alive.js';
import { descendantsOf } from '../smoke/process-table.js';
import { RawProgram, type RawStart } from '../support/service/raw-program.js';
import { silentServer } from '../support/service/silent-server.js';
import { prepareTestGround, type TestGround } from '../support/service/test-ground.js';
import { until } from '../support/service/until.js';

// The last net: each wait in here has a limit of its own that names what it waits for.
jest.setTimeout(900_000);
/** For a start beside busy neighbours. */
const START_PATIENCE_MS = 100_000;

let ground: TestGround;
const programs: RawProgram[] = [];
beforeAll(async () => (ground = await prepareTestGround()));
afterEach(() => Promise.all(programs.splice(0).map((program) => program.remove())));
afterAll(() => ground.stop());

type Start = Partial<RawStart> & { readonly settings?: Readonly<Record<string, string>> };

function start({ settings = {}, ...rest }: Start): RawProgram {
  return new RawProgram({ environment: { ...ground.environment, ...settings }, ...rest });
}

/** Until the end of the test. */
function run(how: Start = {}): RawProgram {
  const program = start(how);
  programs.push(program);
  return program;
}

async function untilServing(port: number): Promise<string> {
  const url = `http://127.0.0.1:${port}`;
  const answers = (): Promise<boolean> =>
    fetch(`${url}/health/ready`).then(
      ({ status }) => status === 200,
      () => false,
    );
  await until('it serves', answers, START_PATIENCE_MS);
  return url;
}

/** A request each of which writes a line of some hundred bytes. */
async function makeItWrite(url: string, lines: number): Promise<void> {
  for (let at = 0; at < lines; at += 50)
    await Promise.all(
      Array.from({ length: 50 }, () =>
        fetch(`${url}/v1/nothing/${'x'.repeat(500)}`).then((answer) => answer.text()),
      ),
    );
}

const SLOW_HOOK = `
  const { WorkQueues } = await import(dist + '/src/platform/queues/work-queues.js');
  WorkQueues.prototype.onApplicationShutdown = () => new Promise(() => setInterval(() => undefined, 1000));`;

describe('standard output', () => {
  test('whose reader goes away at the stop signal, as tee does on Ctrl-C, holds no stop', async () => {
    const program = run();
    await program.untilSaid('service.ready');
    program.child.stdout?.destroy();
    program.child.stderr?.destroy();
    program.child.kill('SIGINT');
    expect(await program.ended).toEqual([0, null]);
  });

  test('that nobody reads costs lines, which are counted, and neither service nor stop', async () => {
    const port = await freePort('127.0.0.1', 0);
    const fault = `
      const { EventLog } = await import(dist + '/src/platform/logging/event-log.js');
      const { event } = EventLog.prototype;
      let log;
      EventLog.prototype.event = function (...args) { log = this; event.apply(this, args); };
      const burst = () => {
        // It can serve before it has written its first line.
        if (log === undefined) return setTimeout(burst, 20);
        for (let at = 0; at < 40_000; at += 1) log.event('thing.moved', { filler: 'x'.repeat(100) });
      };
      process.on('SIGUSR2', burst);`;
    const settings = { PORT: String(port) };
    const program = run({ settings, fault, stdio: ['ignore', 'pipe', 'pipe'] });
    const url = await untilServing(port);
    program.child.kill('SIGUSR2');
    await until('lines are dropped', async () => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      return Number(/^log_lines_dropped_total (\d+)/m.exec(metrics)?.[1]) > 0;
    });
    let read = '';
    program.child.stdout?.setEncoding('utf8').on('data', (text: string) => (read += text));
    await until('it says so once it is read again', () => read.includes('"log.lines_dropped"'));
    program.child.stdout?.pause();
    program.child.kill('SIGUSR2');
    program.child.kill('SIGTERM');
    expect(await program.ended).toEqual([0, null]);
    for (const line of read.split('\n').slice(0, -1)) expect(() => JSON.parse(line)).not.toThrow();
  });

  test.each([
    ['a full disk', '/dev/full'],
    ['closed at the start', ''],
  ])('and standard error, %s, hold neither start nor stop', async (_what, device) => {
    const port = await freePort('127.0.0.1', 0);
    const fd = openSync(device === '' ? '/dev/null' : device, 'w');
    const redirect = device === '' ? 'exec "$@" >&- 2>&-' : 'exec "$@"';
    const child = spawn('/bin/sh', ['-c', redirect, 'sh', process.execPath, 'dist/src/main.js'], {
      stdio: ['ignore', fd, fd],
      env: { PATH: process.env['PATH'] ?? '', ...ground.environment, PORT: String(port) },
    });
    closeSync(fd);
    const ended = once(child, 'exit');
    await makeItWrite(await untilServing(port), 100);
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  test('that is full, with a start that fails, keeps the exit code', async () => {
    const fd = openSync('/dev/full', 'w');
    const program = run({
      settings: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' },
      stdio: ['ignore', fd, fd],
    });
    closeSync(fd);
    expect(await program.ended).toEqual([1, null]);
  });
});

describe('a failure', () => {
  test('of the start stops all that was started beside the service', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'leaves-'));
    chmodSync(folder, 0o755);
    const program = run({
      environment: { DATA_DIR: join(folder, 'data'), PORT: '0' },
      fault: `
        const { DemoCustomers } = await import(dist + '/src/wallet-ledger/embedded/demo-customers.js');
        DemoCustomers.prototype.openDemoCustomers = async () => { throw new Error('no customers today'); };`,
    });
    const started = await until(
      'its parts run',
      async () => {
        const seen = await descendantsOf(program.pid);
        return seen.some(({ command }) => command.includes('twin/main')) && seen.length > 3 && seen;
      },
      60_000,
    );
    expect(await program.ended).toEqual([1, null]);
    expect(program.said).toMatch(/Cannot start\. .*no customers today/);
    expect(started.filter(({ pid }) => isAlive(pid))).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  test('after the service listens stops it', async () => {
    const program = run({
      fault: `
        const { SweeperService } = await import(dist + '/src/sweep/sweeper.service.js');
        SweeperService.prototype.start = () => { throw new Error('will not sweep'); };`,
    });
    expect(await program.ended).toEqual([1, null]);
    expect(program.said).toMatch(/Cannot start\. .*will not sweep/);
    expect(program.said).not.toContain('service.ready');
  });

  test('of the stop says that the stop failed', async () => {
    const program = run({
      fault: `
        const { createRequire } = await import('node:module');
        const { FastifyAdapter } = await import('file://' + createRequire(dist + '/src/main.js').resolve('@nestjs/platform-fastify'));
        FastifyAdapter.prototype.close = async () => { throw new Error('will not close'); };`,
    });
    await program.untilSaid('service.ready');
    program.child.kill('SIGTERM');
    expect(await program.ended).toEqual([71, null]);
    expect(program.said).toMatch(/The stop failed\. .*will not close/);
    expect(program.said).not.toContain('Cannot start');
  });

  test.each([
    ['onModuleDestroy', 'async'],
    ['beforeApplicationShutdown', 'async'],
    ['onApplicationShutdown', ''],
  ])('of a hook of the stop, %s %s, says so too, and the others are run', async (hook, kind) => {
    const program = run({
      fault: `
        const { ReadingPool } = await import(dist + '/src/platform/database/reading-pool.js');
        const { DatabaseModule } = await import(dist + '/src/platform/database/database.module.js');
        ReadingPool.prototype.${hook} = ${kind} function () { throw new Error('pool is stuck'); };
        const { onApplicationShutdown } = DatabaseModule.prototype;
        DatabaseModule.prototype.onApplicationShutdown = async function () {
          await onApplicationShutdown.call(this);
          process.stdout.write('its database is closed\\n');
        };`,
    });
    await program.untilSaid('service.ready');
    program.child.kill('SIGTERM');
    expect(await program.ended).toEqual([71, null]);
    expect(program.said).toContain('The stop failed. pool is stuck');
    expect(program.said).toContain('its database is closed');
    expect(program.said).not.toContain('"service.stopped"');
  });

  test.each([
    ['error', `setTimeout(() => { throw new TypeError('never caught'); })`],
    ['rejection', `void Promise.reject(new TypeError('never caught'))`],
  ])('that is an %s nobody catches stops the service in order and is reported', async (_what, code) => {
    const program = run({ fault: `process.on('SIGUSR2', () => { ${code}; });` });
    await program.untilSaid('service.ready');
    program.child.kill('SIGUSR2');
    expect(await program.ended).toEqual([70, null]);
    expect(program.said).toMatch(/"event":"service.failed".*never caught/);
    expect(program.said).toContain('"service.stopped"');
  });
});

describe('a signal', () => {
  /** Begins to stop before the first of these tests, because the end of the time is 15 s later. */
  let hanging: RawProgram;
  beforeAll(async () => {
    hanging = start({ settings: { SHUTDOWN_GRACE_MS: '0' }, fault: SLOW_HOOK });
    await hanging.untilSaid('service.ready');
    hanging.child.kill('SIGTERM');
  });
  afterAll(() => hanging.remove());

  test('SIGHUP has it read its keys again, and it goes on until SIGINT, which stops it in order', async () => {
    const program = run();
    await program.untilSaid('service.ready');
    program.child.kill('SIGHUP');
    await program.untilSaid('"event":"alipayplus.keys_reloaded","cause":"SIGHUP","signWith":"1"');
    program.child.kill('SIGINT');
    expect(await program.ended).toEqual([0, null]);
    expect(program.said).toContain('"service.stopped"');
  });

  test('during the start ends it without a ready line', async () => {
    const program = run({
      fault: `
        const { SweeperService } = await import(dist + '/src/sweep/sweeper.service.js');
        SweeperService.prototype.onModuleInit = () => {
          process.stdout.write('it is starting');
          return new Promise((resolve) => setTimeout(resolve, 500));
        };`,
    });
    await program.untilSaid('it is starting');
    program.child.kill('SIGTERM');
    const [code, signal] = await program.ended;
    expect([code, signal]).toEqual([0, null]);
    expect(program.said).not.toContain('service.ready');
  });

  test.each([
    ['initdb', 'its database is being made'],
    ['twin/main', 'its twin starts'],
  ])('during the start of its own parts (%s) ends it and them, without a ready line', async (part, what) => {
    const folder = mkdtempSync(join(tmpdir(), 'leaves-'));
    chmodSync(folder, 0o755);
    const program = run({ environment: { DATA_DIR: join(folder, 'data'), PORT: '0' } });
    const seen = await until(
      what,
      async () => {
        const now = await descendantsOf(program.pid);
        return now.some(({ command }) => command.includes(part)) && now;
      },
      600_000,
    );
    program.child.kill('SIGTERM');
    expect(await program.ended).toEqual([0, null]);
    expect(program.said).not.toMatch(/service\.ready|is ready|Cannot start|out_of_time/);
    await until('its parts have ended', () => !seen.some(({ pid }) => isAlive(pid)), 60_000);
    rmSync(folder, { recursive: true });
  });

  test('during a start that hangs on its database ends it', async () => {
    const { server, host, isAsked } = await silentServer();
    const program = run({ settings: { DATABASE_URL: `postgres://mpp:secret@${host}/mpp` } });
    await until('it asks the database', isAsked, 60_000);
    program.child.kill('SIGTERM');
    expect(await program.ended).toEqual([0, null]);
    expect(program.said).not.toContain('service.ready');
    server.close();
  });

  test('that comes again after the grace leaves at once, with the code of that signal', async () => {
    const program = run({ settings: { SHUTDOWN_GRACE_MS: '0' }, fault: SLOW_HOOK });
    await program.untilSaid('service.ready');
    program.child.kill('SIGTERM');
    await program.untilSaid('service.stopping');
    const again = setInterval(() => program.child.kill('SIGINT'), 100);
    expect(await program.ended).toEqual([130, null]);
    clearInterval(again);
    expect(program.said).not.toContain('out_of_time');
  });

  test('is followed by the end of the time where the stop hangs', async () => {
    expect(await hanging.ended).toEqual([124, null]);
    expect(hanging.said).toContain('The stop was not finished in time');
  });
});
