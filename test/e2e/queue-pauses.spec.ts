import { randomUUID } from 'node:crypto';
import { ConsoleClient } from '../support/browser/console-client.js';
import { ask } from '../support/database/ask.js';
import type { Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(240_000);

let api: TestService;
let worker: TestService;
const startWorker = async (): Promise<void> => {
  const { ALIPAYPLUS_BASE_URL = '', ALIPAYPLUS_NOTIFY_HOSTS = '' } = api.environment;
  const environment = { ROLE: 'worker', ALIPAYPLUS_BASE_URL, ALIPAYPLUS_NOTIFY_HOSTS };
  worker = await startTestService({ database: api.database, environment });
};
beforeAll(async () => {
  api = await startTestService({ environment: { ROLE: 'api' } });
  await startWorker();
});
afterAll(async () => {
  await worker.stop();
  await api.stop();
});

const turn = (
  queue: string,
  what: 'pause' | 'resume',
  reason = 'ticket 4711',
): Promise<{ body: Json; status: number }> =>
  api.operator.send('POST', `/v1/operations/queues/${queue}/${what}`, { reason });
const workerSays = async (path: string): Promise<string> => (await fetch(`${worker.url}${path}`)).text();
const followed = (queue: string, isPaused: boolean): Promise<unknown> =>
  until(
    `the worker follows, ${queue}`,
    async () => (await workerSays('/metrics')).includes(`queue_paused{queue="${queue}"} 1`) === isPaused,
  );
const codeOf = (script: string): string => `${script}#${randomUUID()}`;

describe('a queue that an operator pauses', () => {
  it('starts no job, alarms, stays paused over a restart of the worker, and loses nothing', async () => {
    expect((await turn('notify', 'pause')).body).toMatchObject({
      queue: 'notify',
      status: 'paused',
      by: 'operator:operator',
      reason: 'ticket 4711',
      changed: true,
    });
    expect((await turn('notify', 'pause', 'another')).body).toMatchObject({
      changed: false,
      reason: 'ticket 4711',
    });
    await followed('notify', true);
    const code = codeOf('twin:S');
    const { body } = await api.app.confirm(await api.app.decodedPayment(code));
    expect(body.status).toBe('PAID');
    await worker.stop();
    await startWorker();
    const [told = '{}'] = worker.log.filter((line) => line.includes('"event":"queue.paused"'));
    expect(JSON.parse(told)).toMatchObject({ queue: 'notify', reason: 'ticket 4711', alarm: true });
    const ready = JSON.parse(await workerSays('/health/ready'));
    expect(ready).toMatchObject({ status: 'degraded', checks: { queuesPaused: 'degraded' } });
    expect(ready.troubles[0].means).toContain('Payers can scan and pay');
    await until('a look of its sweeper is over', async () =>
      (await workerSays('/metrics')).includes('sweep_oldest_lag_seconds{kind="notify"}'),
    );
    expect((await api.books.order(code)).notificationCount).toBe(0);
    expect((await turn('notify', 'resume')).body).toMatchObject({ status: 'running', changed: true });
    await until(
      'the result is acknowledged',
      async () => (await api.books.order(code)).acknowledged === true,
    );
    expect((await api.books.order(code)).notificationCount).toBe(1);
    expect((await turn('notify', 'resume')).body.changed).toBe(false);
  });

  it('repeats no decode and no call to the ledger until it is resumed', async () => {
    await turn('decode', 'pause');
    await followed('decode', true);
    const scan = await api.app.scan(codeOf('twin:U,S'));
    expect(scan.status).toBe(202);
    const looks = () =>
      workerSays('/metrics').then((text) => /sweep_rows_total\{kind="decode"\} (\d+)/.exec(text)?.[1]);
    const before = await looks();
    await turn('debit', 'pause');
    await followed('debit', true);
    expect((await api.app.readScan(scan.body.scanId)).body.status).toBe('PENDING');
    expect(await looks()).toBe(before);
    await turn('decode', 'resume');
    expect((await api.app.readScan(scan.body.scanId, 20_000)).body.status).toBe('DECODED');
    await turn('debit', 'resume');
    await followed('debit', false);
  });

  it('can be resumed at a process that has not seen yet that another one paused it', async () => {
    await ask(
      api.database.url,
      `insert into service_switch (name, value, set_at, set_by, reason)
       values ('queue.events', 'paused', db_now(), 'operator:other', 'elsewhere')`,
    );
    expect((await turn('events', 'resume')).body).toMatchObject({ status: 'running', changed: true });
    await followed('events', false);
  });

  it('is paused and resumed in the console, with a reason', async () => {
    const console = new ConsoleClient(api.url);
    await console.signIn(api.tokens.operator);
    const without = await console.post(
      '/console/service/queues/debit/pause',
      { reason: ' ' },
      '/console/service',
    );
    expect(without.status).toBe(400);
    await console.post('/console/service/queues/debit/pause', { reason: 'core is away' }, '/console/service');
    const page = (await console.get('/console/service')).text;
    expect(page).toContain('by operator:operator: core is away');
    await console.post(
      '/console/service/queues/debit/resume',
      { reason: 'core is back' },
      '/console/service',
    );
    expect((await turn('debit', 'resume')).body.changed).toBe(false);
    const watching = new ConsoleClient(api.url);
    await watching.signIn(api.tokens.watcher);
    expect((await watching.get('/console/service')).text).not.toContain(
      '<form method="post" action="/console/service',
    );
    const tried = await watching.post(
      '/console/service/queues/debit/pause',
      { reason: 'x' },
      '/console/service',
    );
    expect(tried.status).toBe(403);
    const changes = await ask<{ value: string; reason: string }>(
      api.database.url,
      `select value, reason from service_switch_change where name = 'queue.debit' order by change_id desc limit 2`,
    );
    expect(changes).toEqual([
      { value: 'running', reason: 'core is back' },
      { value: 'paused', reason: 'core is away' },
    ]);
  });

  it('is refused when unknown, and for everybody but operators', async () => {
    expect((await turn('mail', 'pause')).status).toBe(400);
    expect((await turn('debit', 'pause', ' ')).status).toBe(400);
    expect((await api.app.send('POST', '/v1/operations/queues/debit/pause', { reason: 'x' })).status).toBe(
      403,
    );
    expect((await api.operator.operations('/queues')).body.queues.map((one: Json) => one.status)).toEqual(
      Array.from({ length: 4 }, () => 'running'),
    );
  });
});
