import { existsSync } from 'node:fs';
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

  const start = async (off: string): Promise<ServiceProcess> =>
    (service = await ServiceProcess.start({
      ...ground.environment,
      PORT: '0',
      HOST: '127.0.0.1',
      ...(LIBRARY !== undefined && { LD_PRELOAD: LIBRARY }),
      FAKETIME: off,
    }));
  const ready = async () => {
    const answer = await fetch(`${service.url}/health/ready`);
    return { status: answer.status, body: Object(await answer.json()) };
  };

  it.each([
    ['+11 min', 660],
    ['-11 min', -660],
  ])(
    'by %s signs with the right time all the same, says so, and asks for no more requests',
    async (off, seconds) => {
      await start(off.replace(' min', 'm'));
      const told = service.events.find(({ event }) => event === 'clock.off');
      expect(told).toMatchObject({ peer: 'database', alarm: true });
      expect(Math.round(Number(told?.offsetMs) / 10_000)).toBe(Math.round(-seconds / 10));

      const app = new ApiClient(service.url, ground.tokens.walletApp);
      const code = `twin:S#clock${seconds}`;
      const scanned = await app.scan(code);
      expect(scanned.status).toBe(201);
      const paid = await app.confirm(scanned.body.payment);
      expect(paid.body.status).toBe('PAID');
      await until('it is acknowledged', async () => (await ground.books.order(code)).acknowledged === true);
      const times = (await ground.books.calls()).map((call: { requestTime: string }) =>
        Date.parse(call.requestTime),
      );
      expect(times.length).toBeGreaterThan(1);
      for (const time of times) expect(Math.abs(time - Date.now())).toBeLessThan(60_000);

      const { status, body } = await ready();
      expect(status).toBe(503);
      expect(body.checks).toMatchObject({ database: 'up', clock: 'degraded', clockLimit: 'down' });
      expect(await (await fetch(`${service.url}/metrics`)).text()).toMatch(
        new RegExp(`clock_offset_seconds\\{peer="database"\\} ${seconds < 0 ? '6' : '-6'}[56]\\d`),
      );
    },
  );

  it('by four seconds alarms and goes on', async () => {
    await start('+4s');
    const { status, body } = await ready();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'degraded',
      checks: { clock: 'degraded', clockLimit: 'up' },
      troubles: [{ part: 'clock', means: expect.stringContaining('Calls go on') }],
    });
    const told = service.events.find(({ event }) => event === 'clock.off');
    expect(Math.abs(Number(told?.offsetMs) + 4_000)).toBeLessThan(NEAR_MS);
  });
});
