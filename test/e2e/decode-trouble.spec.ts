import { randomUUID } from 'node:crypto';
import { ask } from '../support/database/ask.js';
import type { Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(60_000);

interface Exchange {
  readonly attempt: number;
  readonly outcome: string;
  readonly reason: string | null;
}

const exchangesOf = (test: TestService, scanId: string) =>
  ask<Exchange>(
    test.database.url,
    'select attempt, outcome, reason from decode_exchange where scan_id = $1 order by exchange_id',
    [scanId],
  );

const distinct = (values: readonly unknown[]): number => new Set(values).size;

describe('the first answer about a code is lost, late or not trustworthy', () => {
  let test: TestService;
  beforeAll(async () => {
    test = await startTestService({ environment: { ALIPAYPLUS_TIMEOUT_MS: '2000' } });
  });
  afterAll(() => test.stop());

  it.each([
    ['failures 3: an answer that comes too late', 'slow=5s@1', 'timeout'],
    ['a connection that is dropped', 'drop@1', 'network_error'],
    ['an answer that is no JSON', 'garbage@1', 'unreadable'],
    ['an S with HTTP status 500', 'http=500@1', 'http_status'],
    ['an S without a signature', 'unsigned@1', 'unsigned'],
    ['an S with a signature over something else', 'badsig@1', 'bad_signature'],
  ])('%s makes no order; the same request again does, and only one', async (_what, trouble, reason) => {
    const code = `twin:S;${trouble}#${randomUUID()}`;
    const scanned = await test.app.scan(code);
    expect(scanned.status).toBe(202);
    const { scanId } = scanned.body;
    const decoded = await test.app.readScan(scanId, 20_000);
    expect(decoded.body.status).toBe('DECODED');
    const [first, ...later] = await exchangesOf(test, scanId);
    expect(first).toEqual({ attempt: 1, outcome: 'unknown', reason });
    expect(later.at(-1)).toMatchObject({ outcome: 'accepted' });
    const calls = await test.books.decodeCalls(code);
    expect(calls.length).toBeGreaterThanOrEqual(2);
    expect(distinct(calls.map(({ bodySha256 }) => bodySha256))).toBe(1);
    const orders = await ask(test.database.url, 'select 1 from payment_order where payment_request_id = $1', [
      decoded.body.payment.paymentRequestId,
    ]);
    expect(orders).toHaveLength(1);
    expect((await test.app.confirm(decoded.body.payment)).body.status).toBe('PAID');
  });
});

describe('Alipay+ never knows the code', () => {
  let test: TestService;
  beforeAll(async () => {
    test = await startTestService({ environment: { DECODE_WINDOW_MS: '1000' } });
  });
  afterAll(() => test.stop());

  it.each([
    ['failures 4: a code that stays unknown', 'twin:U'],
    ['an S that never carries a signature', 'twin:S;unsigned'],
    ['an S whose signature is always wrong', 'twin:S;badsig'],
  ])('%s is given up at its deadline and not decoded again', async (_what, script) => {
    const code = `${script}#${randomUUID()}`;
    const { scanId, givesUpAt } = (await test.app.scan(code)).body;
    const ended = await test.app.readScan(scanId, 20_000);
    expect(ended.status).toBe(422);
    expect(ended.body).toMatchObject({ code: 'DECODE_GIVEN_UP', action: 'TRY_AGAIN', scanId });
    const [scan] = await ask<{ status: string; updated_at: Date; payment_id: string | null }>(
      test.database.url,
      'select status, updated_at, payment_id from scan where scan_id = $1',
      [scanId],
    );
    expect(scan).toMatchObject({ status: 'GIVEN_UP', payment_id: null });
    const givenUpAt = scan?.updated_at.getTime() ?? 0;
    expect(givenUpAt).toBeGreaterThanOrEqual(Date.parse(givesUpAt));
    expect(await ask(test.database.url, 'select 1 from payment_order')).toEqual([]);

    // A later scan that is over as well has given every stray job of the first one its time.
    const control = await test.app.scanUntilDecided(`twin:U#${randomUUID()}`);
    expect(control.body.code).toBe('DECODE_GIVEN_UP');
    const calls = await test.books.decodeCalls(code);
    expect(calls.length).toBeGreaterThan(1);
    expect(calls.filter(({ at }: Json) => Date.parse(at) > givenUpAt)).toEqual([]);
    // One call may have started right before the deadline and arrived after it.
    const late = calls.filter(({ at }: Json) => Date.parse(at) > Date.parse(givesUpAt));
    expect(late.length).toBeLessThanOrEqual(1);
    expect(await exchangesOf(test, scanId)).toHaveLength(calls.length);
    expect((await test.app.readScan(scanId)).body.code).toBe('DECODE_GIVEN_UP');
  });

  it('a code that was given up can be scanned again, and is decoded anew', async () => {
    const code = `twin:S;unsigned#${randomUUID()}`;
    const first = await test.app.scanUntilDecided(code);
    expect(first.body.code).toBe('DECODE_GIVEN_UP');
    const again = await test.app.scan(code);
    expect(again.status).toBe(202);
    expect(again.body.scanId).not.toBe(first.body.scanId);
  });
});

describe('Alipay+ asks for less traffic', () => {
  let test: TestService;
  beforeAll(async () => {
    test = await startTestService();
  });
  afterAll(() => test.stop());

  const SCANS = 50;
  const WINDOW_MS = 3_000;

  const callsWithin = async (windowMs: number) => {
    const before = (await test.books.decodeCalls()).length;
    await new Promise((resolve) => setTimeout(resolve, windowMs));
    return (await test.books.decodeCalls()).length - before;
  };

  const triesInAll = async () => {
    const [row] = await ask<{ tries: number }>(
      test.database.url,
      'select sum(tries)::int as tries from scan',
    );
    return row?.tries;
  };

  const throttled = async () =>
    (await ask(test.database.url, `select 1 from decode_exchange where reason = 'throttled'`)).length;

  it('failures 4: under throttling the whole fleet of scans asks seldom, burns no tries, and is decoded when it ends', async () => {
    await test.books.behave({ everyUserInitiatedPay: 'U.UNKNOWN_EXCEPTION' });
    const codes = Array.from({ length: SCANS }, (_, at) => `twin:S#fleet-${at}-${randomUUID()}`);
    const scans = await Promise.all(codes.map((code) => test.app.scan(code)));
    expect(scans.map(({ status }) => status)).toEqual(Array(SCANS).fill(202));
    const callsWithoutThrottle = await callsWithin(WINDOW_MS);

    await test.books.behave({ everyUserInitiatedPay: 'U.REQUEST_TRAFFIC_EXCEED_LIMIT' });
    await until('the first are throttled', async () => (await throttled()) > 0);
    const callsWhileThrottled = await callsWithin(WINDOW_MS);
    expect(callsWhileThrottled).toBeLessThan(callsWithoutThrottle / 3);
    const [triesBefore, throttledBefore] = [await triesInAll(), await throttled()];
    await until('more of them are throttled', async () => (await throttled()) > throttledBefore + 5);
    expect(await triesInAll()).toBe(triesBefore);

    await test.books.behave({ everyUserInitiatedPay: null });
    const decoded = await Promise.all(scans.map(({ body }) => test.app.readScan(body.scanId, 30_000)));
    expect(decoded.map(({ body }) => body.status)).toEqual(Array(SCANS).fill('DECODED'));
  });

  it('failures 4: a scan that comes during the pause waits for its end before its first call', async () => {
    await test.books.behave({ everyUserInitiatedPay: 'U.REQUEST_TRAFFIC_EXCEED_LIMIT' });
    const cause = await test.app.scan(`twin:S#cause-${randomUUID()}`);
    const [pause] = await ask<{ until: Date }>(test.database.url, 'select until from decode_pause');
    const pausedUntil = pause?.until.getTime() ?? 0;
    const scans = await Promise.all(
      Array.from({ length: 10 }, () => test.app.scan(`twin:S#during-${randomUUID()}`)),
    );
    await test.books.behave({ everyUserInitiatedPay: null });
    const decoded = await Promise.all(
      [cause, ...scans].map(({ body }) => test.app.readScan(body.scanId, 30_000)),
    );
    expect(decoded.map(({ body }) => body.status)).toEqual(Array(11).fill('DECODED'));
    const early = await ask(
      test.database.url,
      `select s.scan_id from scan s join decode_exchange e using (scan_id)
       where s.scan_id = any($1::uuid[]) and s.created_at < $2
         and e.finished_at - e.duration_ms * interval '1 ms' < $2::timestamptz - interval '300 ms'`,
      [scans.map(({ body }) => body.scanId), new Date(pausedUntil)],
    );
    expect(early).toEqual([]);
  });
});
