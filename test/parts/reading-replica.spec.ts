import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresPair } from '../../scripts/drill/programs/postgres-pair.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(180_000);

/** A real standby accepts no writes, and its log has every statement with its client. */
describe('DATABASE_READING_URL', () => {
  let directory: string;
  let pair: PostgresPair;
  let test: TestService;
  let said = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'reading-replica-'));
    await chmod(directory, 0o755); // the account that runs PostgreSQL for root reads from it
    pair = await PostgresPair.start({ directory, replication: 'synchronous', log: (text) => (said += text) });
    for (const node of [pair.primary, pair.follower]) {
      const name = node === pair.primary ? 'primary' : 'replica';
      await node.ask(`alter system set log_statement = 'all'`);
      await node.ask(`alter system set log_line_prefix = '<${name} %a> '`);
      await node.ask('select pg_reload_conf()');
    }
    test = await startTestService({
      database: { url: pair.primary.url, drop: () => Promise.resolve() },
      environment: { DATABASE_READING_URL: pair.follower.url, DATABASE_POOL_SIZE: '6' },
    });
  });
  afterAll(async () => {
    await test.stop();
    await pair.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /** The statements that a server got from the service since the last call. */
  const statements = (server: 'primary' | 'replica', pool: string): string[] =>
    said.split('\n').filter((line) => line.startsWith(`<${server} ${pool}> LOG:`));

  it('gets no statement of a payment, nor of explanations and acts', async () => {
    await until('the log is written', () => statements('primary', 'work').length > 0);
    const { body } = await test.app.scan('twin:S#read');
    const { payment } = body;
    await until('it is paid', async () => (await test.app.confirm(payment)).body.status === 'PAID');
    await until(
      'it is acknowledged',
      async () => (await test.books.order('twin:S#read')).acknowledged === true,
    );
    for (const path of ['', '/explain']) {
      expect((await test.operator.operations(`/payments/${payment.paymentId}${path}`)).status).toBe(200);
    }
    expect((await fetch(`${test.url}/health/ready`)).status).toBe(200);
    await (await fetch(`${test.url}/metrics`)).text();
    const others = await pair.follower.ask<{ name: string }>(
      `select distinct application_name as name from pg_stat_activity
       where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    expect(others).toEqual([]);
    expect(statements('replica', 'reading')).toEqual([]);
    expect(statements('replica', 'work')).toEqual([]);
  });

  it('gets searches, exports and the summary, and the primary none of them', async () => {
    await until('the replica has it', async () => {
      const { body } = await test.operator.operations('/payments?status=PAID');
      return body.payments.length === 1;
    });
    for (const path of [
      '/scans',
      '/notifications?status=DELIVERED',
      '/payments.csv?status=PAID',
      '/summary',
    ]) {
      expect((await test.operator.operations(path)).status).toBe(200);
    }
    await until('the log is written', () => /fetch/i.test(statements('replica', 'reading').join('')));
    expect(statements('primary', 'reading')).toEqual([]);
    const writes = statements('replica', 'reading').filter((line) =>
      /\b(insert|update|delete)\b/i.test(line),
    );
    expect(writes).toEqual([]);
  });

  it('that is away is told by health, although all its connections were idle, and so is its return', async () => {
    await pair.follower.stop();
    expect((await test.operator.operations('/payments')).status).toBe(503);
    await until('health tells it', async () => (await reading()) !== 'up');
    await pair.follower.start();
    await until('it is back', async () => (await reading()) === 'up');
    expect((await test.operator.operations('/payments')).status).toBe(200);
  });

  async function reading(): Promise<unknown> {
    const { checks } = Object(await (await fetch(`${test.url}/health/ready`)).json());
    return checks.reading;
  }
});
