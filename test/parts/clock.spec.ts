import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from '../support/service/api-client.js';
import { describeWithPart } from '../support/parts/describe-with-part.js';
import { ServiceProcess } from '../support/service/service-process.js';
import { prepareTestGround, type TestGround } from '../support/service/test-ground.js';
import { until } from '../support/service/until.js';

/** Where Debian has it, by processor. */
const LIBRARY = ['x86_64', 'aarch64']
  .map((processor) => `/usr/lib/${processor}-linux-gnu/faketime/libfaketime.so.1`)
  .find((path) => existsSync(path));

const NEAR_MS = 5_000;

describeWithPart('faketime', 'a process whose clock is off', () => {
  let ground: TestGround;
  let service: ServiceProcess;

  beforeAll(async () => {
    ground = await prepareTestGround();
  });
  afterEach(() => service.end('SIGKILL'));
  afterAll(() => ground.stop());

  /** The offset of the clock is read from here all the time. */
  const offsetFile = join(mkdtempSync(join(tmpdir(), 'clock-')), 'offset');
  afterAll(() => rmSync(dirname(offsetFile), { recursive: true }));

  const start = async (off: string): Promise<ServiceProcess> => {
    writeFileSync(offsetFile, off);
    service = await ServiceProcess.start({
      ...ground.environment,
      PORT: '0',
      HOST: '127.0.0.1',
      // Often enough that a worker which continues is noticed at once.
      DECODE_RETRY_MAX_MS: '1000',
      ...(LIBRARY !== undefined && { LD_PRELOAD: LIBRARY }),
      FAKETIME_TIMESTAMP_FILE: offsetFile,
      FAKETIME_CACHE_DURATION: '1',
      // The monotonic clock is unchanged, as when a machine's time is set.
      DONT_FAKE_MONOTONIC: '1',
    });
    return service;
  };
  const ready = async () => {
    const answer = await fetch(`${service.url}/health/ready`);
    return { status: answer.status, body: Object(await answer.json()) };
  };

  const signedRight = async (): Promise<void> => {
    const times = (await ground.books.calls()).map((call: { requestTime: string }) =>
      Date.parse(call.requestTime),
    );
    expect(times.length).toBeGreaterThan(1);
    for (const time of times) expect(Math.abs(time - Date.now())).toBeLessThan(60_000);
  };

  it.each([
    ['+40s', 40],
    ['-40s', -40],
  ])('by %s alarms, and signs with the right time all the same', async (off, seconds) => {
    await start(off);
    const told = await until('the log says so', () =>
      service.events.find(({ event }) => event === 'clock.off'),
    );
    expect(told).toMatchObject({ peer: 'database', alarm: true });
    expect(Math.abs(Number(told?.offsetMs) + seconds * 1_000)).toBeLessThan(NEAR_MS);
    const app = new ApiClient(service.url, ground.tokens.walletApp);
    const code = `twin:S#clock${seconds}`;
    const scanned = await app.scan(code);
    expect((await app.confirm(scanned.body.payment)).body.status).toBe('PAID');
    await until('it is acknowledged', async () => (await ground.books.order(code)).acknowledged === true);
    await signedRight();
    expect(await (await fetch(`${service.url}/metrics`)).text()).toMatch(
      new RegExp(`clock_offset_seconds\\{peer="database"\\} ${seconds < 0 ? '' : '-'}[34]\\d`),
    );
  });

  it.each(['+11m', '-11m'])('by %s takes no new work, and does again when it is set right', async (off) => {
    // Work begun while the clock was right: it stays unknown for the length of this test, so that workers have to
    // continue it.
    await start('+0');
    const app = new ApiClient(service.url, ground.tokens.walletApp);
    const asking = `twin:${'U,'.repeat(40)}S#asked${off}`;
    const [paying, asked] = [await app.scan(`twin:S#paying${off}`), await app.scan(asking)];
    expect([paying.status, asked.status]).toEqual([201, 202]);
    writeFileSync(offsetFile, off);
    await until('readiness says so', async () => (await ready()).status === 503);
    expect((await ready()).body.checks).toMatchObject({
      database: 'up',
      clock: 'degraded',
      clockLimit: 'down',
    });
    const told = await until('the log says so', () =>
      service.events.find(({ event }) => event === 'clock.takes_no_work'),
    );
    expect(told).toMatchObject({ alarm: true });

    for (const answer of [await app.scan(`twin:S#new${off}`), await app.confirm(paying.body.payment)]) {
      expect(answer).toMatchObject({ status: 503, body: { code: 'SERVICE_UNAVAILABLE', action: 'RETRY' } });
      expect(answer.headers.get('retry-after')).toBe('5');
    }
    const callsOf = async () => (await ground.books.order(asking)).calls;
    // A call under way when the clock went off is finished; no other follows in the time of two.
    await sleep(1_000);
    const calls = await callsOf();
    await sleep(3_000);
    expect(await callsOf()).toBe(calls);

    writeFileSync(offsetFile, '+0');
    await until('readiness is back', async () => (await ready()).status === 200);
    await until('workers ask again', async () => (await callsOf()) > calls);
    expect((await app.confirm(paying.body.payment)).body.status).toBe('PAID');
    expect((await app.scan(`twin:S#new${off}`)).status).toBe(201);
    await until(
      'it is acknowledged',
      async () => (await ground.books.order(`twin:S#paying${off}`)).acknowledged === true,
    );
    await signedRight();
  });

  it('by four seconds alarms and goes on', async () => {
    await start('+4s');
    const { status, body } = await ready();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'degraded',
      checks: { clock: 'degraded', clockLimit: 'up' },
      troubles: [{ part: 'clock', means: expect.stringContaining('Calls go on') }],
    });
    const told = await until('the log says so', () =>
      service.events.find(({ event }) => event === 'clock.off'),
    );
    expect(Math.abs(Number(told?.offsetMs) + 4_000)).toBeLessThan(NEAR_MS);
  });
});
