import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '../support/database/test-database.js';
import type { ApiClient, Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

interface Answered {
  readonly status: number;
  readonly body: Json;
}

const codeOf = (script: string): string => `${script}#${randomUUID()}`;
/** Repeats the same request while the service is too busy, as its 503 says. */
const scanPatiently = (app: ApiClient, code: string, customerId: string): Promise<Answered> =>
  until('the service answers', async () => {
    const answer = await app.scan(code, customerId);
    return answer.status !== 503 && answer;
  });
/** Each scan has another customer. */
const scanMany = (app: ApiClient, script: string, count: number): Promise<Answered[]> =>
  Promise.all(Array.from({ length: count }, () => scanPatiently(app, codeOf(script), randomUUID())));
const refusedAmong = (answers: readonly Answered[]): number =>
  answers.filter(({ status }) => status === 422).length;

/** Each answer is a refusal or a scan that stays pending, and at most two are refused. */
function expectOnlyTheFirstRefused(answers: readonly Answered[]): void {
  expect(answers.filter(({ status }) => status !== 202 && status !== 422)).toEqual([]);
  expect(refusedAmong(answers)).toBeLessThanOrEqual(2);
}

describe('Alipay+ says that the fault is ours', () => {
  let test: TestService;
  const start = async (environment: Record<string, string> = {}): Promise<TestService> => {
    test = await startTestService({ environment });
    return test;
  };
  afterEach(() => test.stop());

  const logged = (event: string) => test.log.filter((line) => line.includes(`"event":"${event}"`));

  it.each(['NO_INTERFACE_DEF', 'ACCESS_DENIED', 'PARAM_ILLEGAL'])(
    'failures 22: scans answered %s stop the line, refuse the first two at most, and raise the alarms',
    async (code) => {
      await start();
      const answers = await scanMany(test.app, `twin:F.${code}`, 8);
      expectOnlyTheFirstRefused(answers);
      await until('the line is stopped', () => logged('decode.line_stopped').length > 0);
      expect(logged('alipayplus.own_setup_fault').every((line) => line.includes('"alarm":true'))).toBe(true);
      expect(logged('alipayplus.own_setup_fault').length).toBeGreaterThanOrEqual(5);
      const calls = (await test.books.decodeCalls()).length;
      const during = await scanMany(test.app, 'twin:S', 20);
      expect(during.map(({ status }) => status)).toEqual(during.map(() => 202));
      expect((await test.books.decodeCalls()).length).toBe(calls);
      expect(logged('decode.line_stopped')).toHaveLength(1);
      const metrics = await (await fetch(`${test.url}/metrics`)).text();
      expect(metrics).toMatch(/^decode_line_stopped 1$/m);
    },
  );

  it('a success between two of them lets no further payer be refused', async () => {
    await start();
    const answers: Answered[] = [];
    for (let round = 0; round < 6; round += 1) {
      answers.push(...(await scanMany(test.app, 'twin:F.KEY_NOT_FOUND,S', 1)));
      const [fine] = await scanMany(test.app, 'twin:S', 1);
      expect(fine?.status).toBe(201);
    }
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 202, 202, 202, 202]);
    for (const { body } of answers.slice(2))
      expect((await test.app.readScan(body.scanId, 20_000)).body.status).toBe('DECODED');
    expect(logged('decode.line_stopped')).toEqual([]);
  });

  it('calls go on by themselves once the fault is mended, and the waiting scans are decoded', async () => {
    await start({ DECODE_STOP_MS: '500' });
    const answers = await scanMany(test.app, 'twin:F.INVALID_SIGNATURE,S', 12);
    await until('the line is stopped', () => logged('decode.line_stopped').length > 0);
    for (const { body } of answers.filter(({ status }) => status === 202))
      expect((await test.app.readScan(body.scanId, 20_000)).body.status).toBe('DECODED');
    expect(logged('decode.line_resumed')).toHaveLength(1);
  });

  it('one customer whose codes spoil the message stops nobody else, and is refused each time', async () => {
    await start({ DECODE_STOP_MS: '500' });
    const spoil = () => scanPatiently(test.app, codeOf('twin:F.PARAM_ILLEGAL'), 'customer-odd');
    const spoilt: Answered[] = [];
    for (let round = 0; round < 10; round += 1) {
      const [fine, ...odd] = await Promise.all([scanMany(test.app, 'twin:S', 1), spoil(), spoil(), spoil()]);
      expect(fine.map(({ status }) => status)).toEqual([201]);
      spoilt.push(...odd);
    }
    expect(spoilt.map(({ status, body }) => [status, body.code])).toEqual(
      spoilt.map(() => [422, 'PARAM_ILLEGAL']),
    );
    expect(logged('decode.line_stopped')).toEqual([]);
  });

  it('one odd code alone ends its scan and stops nothing', async () => {
    await start();
    const [refused] = await scanMany(test.app, 'twin:F.ACCESS_DENIED', 1);
    expect([refused?.status, refused?.body.code]).toEqual([422, 'ACCESS_DENIED']);
    const [fine] = await scanMany(test.app, 'twin:S', 1);
    expect(fine?.status).toBe(201);
    expect(logged('decode.line_stopped')).toEqual([]);
  });

  it('a code that our table does not list is handled by its status and reported once', async () => {
    await start();
    const refused = await scanMany(test.app, 'twin:F.NEVER_SEEN_BEFORE', 3);
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
      refused.map(() => [422, 'NEVER_SEEN_BEFORE']),
    );
    expect(logged('result_code.first_seen')).toHaveLength(1);
  });
});

describe('several processes, and one that is restarted', () => {
  let database: TestDatabase;
  const running: TestService[] = [];
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    for (const service of running.splice(0)) await service.stop();
    await database.drop();
  });

  const start = async (): Promise<TestService> => {
    const service = await startTestService({ database, environment: { DECODE_WINDOW_MS: '4000' } });
    running.push(service);
    return service;
  };

  it('refuse the first two payers together, and keep the others pending until their deadline', async () => {
    const first = await start();
    // One after the other: a scan that overlaps the other's answer may be kept pending instead.
    for (const expected of [422, 422, 202]) {
      const [answer] = await scanMany(first.app, 'twin:F.NO_INTERFACE_DEF', 1);
      expect(answer?.status).toBe(expected);
    }
    const second = await start();
    const later = await scanMany(second.app, 'twin:F.NO_INTERFACE_DEF', 3);
    expect(later.map(({ status }) => status)).toEqual([202, 202, 202]);
    await running.shift()?.stop();
    const again = await start();
    const last = await scanMany(again.app, 'twin:F.NO_INTERFACE_DEF', 1);
    expect(last.map(({ status }) => status)).toEqual([202]);
    for (const { body } of [...later, ...last]) {
      const ended = await again.app.readScan(body.scanId, 20_000);
      expect([ended.status, ended.body.code]).toEqual([422, 'DECODE_GIVEN_UP']);
    }
  });
});
