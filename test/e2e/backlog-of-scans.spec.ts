import { setTimeout as sleep } from 'node:timers/promises';
import { WorkQueues } from '../../src/platform/queues/work-queues.js';
import { ask } from '../support/database/ask.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(90_000);

const RATE = 20;
const SCANS = 60;
const LOOK_MS = 3_000;

describe('more scans wait for a repeated decode than the fleet may call for', () => {
  let one: TestService;
  let two: TestService;
  beforeEach(async () => {
    const environment = { DECODE_RETRY_RATE: String(RATE), DECODE_WINDOW_MS: '12000' };
    one = await startTestService({ environment });
    // Another process of the same fleet, with the same Alipay+.
    const { ALIPAYPLUS_BASE_URL = '', ALIPAYPLUS_NOTIFY_HOSTS = '' } = one.environment;
    two = await startTestService({
      database: one.database,
      environment: { ...environment, ALIPAYPLUS_BASE_URL, ALIPAYPLUS_NOTIFY_HOSTS },
    });
    await one.books.behave({ everyUserInitiatedPay: 'U.UNKNOWN_EXCEPTION' });
  });
  afterEach(async () => {
    await two.stop();
    await one.stop();
  });

  async function waitingScans(): Promise<string[]> {
    const apps = [one.app, two.app];
    const scans = await Promise.all(
      Array.from({ length: SCANS }, (_, at) => apps[at % 2]!.scan(`twin:S#waits-${at}`)),
    );
    expect(scans.map(({ status }) => status)).toEqual(Array(SCANS).fill(202));
    return scans.map(({ body }) => body.scanId as string);
  }

  async function callsASecond(): Promise<number> {
    const calls = async () => (await one.books.decodeCalls()).length;
    const [before, startedAt] = [await calls(), performance.now()];
    await sleep(LOOK_MS);
    return ((await calls()) - before) / ((performance.now() - startedAt) / 1_000);
  }

  const statuses = (ids: readonly string[]) =>
    ask<{ status: string; late_ms: number }>(
      one.database.url,
      `select status, (extract(epoch from updated_at - gives_up_at) * 1000)::float8 as late_ms
       from scan where scan_id = any ($1::uuid[])`,
      [ids],
    );

  it('failures 4: two processes stay under one rate together, a new scan goes first, and all end in time', async () => {
    const ids = await waitingScans();
    // Up to half a second of unused calls may be made up for.
    expect(await callsASecond()).toBeLessThanOrEqual(RATE * (1 + 0.5 / 3) + 1);
    await one.books.behave({ everyUserInitiatedPay: null });
    expect((await one.app.scan('twin:S#new')).status).toBe(201);
    await one.books.behave({ everyUserInitiatedPay: 'U.UNKNOWN_EXCEPTION' });
    const rows = await until('no scan waits', async () => {
      const now = await statuses(ids);
      return now.every(({ status }) => status !== 'PENDING') && now;
    });
    // Some of the waiting scans were decoded while Alipay+ knew their codes. Had they gone before new scans, all would
    // be.
    expect(rows.map(({ status }) => status)).toContain('GIVEN_UP');
    expect(Math.max(...rows.map(({ late_ms: lateMs }) => lateMs))).toBeLessThan(15_000);
  });

  it('failures 4, 19: they are asked for at that rate although every job is lost, and each is decoded', async () => {
    const ids = await waitingScans();
    await one.books.behave({ everyUserInitiatedPay: null });
    await one.service.app.get(WorkQueues).empty('decode');
    // `bench:backlog` measures how close it comes to the rate; a busy machine comes less close.
    expect(await callsASecond()).toBeGreaterThan(RATE * 0.25);
    await until('all are decoded', async () =>
      (await statuses(ids)).every(({ status }) => status === 'DECODED'),
    );
    for (const [at] of ids.entries()) {
      expect(await one.books.order(`twin:S#waits-${at}`)).toMatchObject({ maxInFlight: 1 });
    }
  });
});
