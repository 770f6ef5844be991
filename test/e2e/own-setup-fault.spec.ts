import { randomUUID } from 'node:crypto';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

describe('Alipay+ says that our own set-up is wrong', () => {
  let test: TestService;
  beforeEach(async () => {
    test = await startTestService();
  });
  afterEach(() => test.stop());

  const scanMany = (script: string, count: number) =>
    Promise.all(Array.from({ length: count }, () => test.app.scan(`${script}#${randomUUID()}`)));
  const logged = (event: string) => test.log.some((line) => line.includes(`"event":"${event}"`));

  it('failures 22: a burst stops the line, refuses no further scan, and raises an alarm', async () => {
    for (const _first of [1, 2]) await scanMany('twin:F.KEY_NOT_FOUND', 1);
    const later = await scanMany('twin:F.KEY_NOT_FOUND,S', 10);
    expect(later.map(({ status }) => status)).toEqual(later.map(() => 202));
    await until('the alarm is raised', () => logged('decode.line_stopped'));
    const before = (await test.books.decodeCalls()).length;
    const during = await scanMany('twin:S', 20);
    expect(during.map(({ status }) => status)).toEqual(during.map(() => 202));
    expect((await test.books.decodeCalls()).length).toBe(before);
  });

  it('one odd code alone ends its scan and stops nothing', async () => {
    const [refused] = await scanMany('twin:F.ACCESS_DENIED', 1);
    expect([refused?.status, refused?.body.code]).toEqual([422, 'ACCESS_DENIED']);
    const [fine] = await scanMany('twin:S', 1);
    expect(fine?.status).toBe(201);
    expect(logged('decode.line_stopped')).toBe(false);
  });

  it('a code that our table does not list is handled by its status and noticed once', async () => {
    const refused = await scanMany('twin:F.NEVER_SEEN_BEFORE', 3);
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
      refused.map(() => [422, 'NEVER_SEEN_BEFORE']),
    );
    expect(test.log.filter((line) => line.includes('result_code.first_seen'))).toHaveLength(1);
  });
});
