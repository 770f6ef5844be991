import { Client } from 'pg';
import { TcpGate } from '../../scripts/drill/programs/tcp-gate.js';
import { createTestDatabase, type TestDatabase } from '../support/database/test-database.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(90_000);

/** The promise to a payer, an orchestrator and a scrape of metrics, with room for a busy machine. */
const RECOVERY_MS = 10_000;
const SOON_MS = 1_000;

/** A proxy that forgets connections closes none of them: both sides wait for packets that never come (failures 25). */
describe('the service, when its connections to the database go silent', () => {
  let database: TestDatabase;
  let gate: TcpGate;
  let test: TestService;
  beforeAll(async () => {
    database = await createTestDatabase();
    gate = await TcpGate.before(database.url);
    const through = gate.through(database.url);
    test = await startTestService({
      database,
      environment: { DATABASE_URL: through, DATABASE_POOL_SIZE: '4' },
    });
  });
  afterAll(async () => {
    await gate.open();
    await test.stop();
    await gate.shut();
    await database.drop();
  });

  const scanUntilTaken = (code: string) =>
    until('a scan is taken', async () => {
      const answer = await test.app.scan(code);
      return answer.status < 300 && answer;
    });

  it('accepts payments again within ten seconds where new connections pass', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, at) => test.app.scan(`twin:S#before-${at}`)));
    gate.swallow();
    const since = performance.now();
    const scanned = await scanUntilTaken('twin:S#after');
    expect(performance.now() - since).toBeLessThan(RECOVERY_MS);
    await until(
      'it is paid',
      async () => (await test.app.confirm(scanned.body.payment)).body.status === 'PAID',
    );
  });

  it('answers health and metrics meanwhile, within a second', async () => {
    gate.block();
    try {
      for (const path of ['/health/live', '/health/ready', '/metrics']) {
        const since = performance.now();
        const answer = await fetch(`${test.url}${path}`);
        await answer.text();
        expect({ path, status: answer.status }).toEqual({
          path,
          status: path === '/health/ready' ? 503 : 200,
        });
        expect({ path, isSoon: performance.now() - since < SOON_MS }).toEqual({ path, isSoon: true });
      }
      const refused = await test.app.scan('twin:S#meanwhile');
      expect(refused.status).toBe(503);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    } finally {
      await gate.open();
    }
    await scanUntilTaken('twin:S#meanwhile');
  });

  it('delays only the payer of a locked row, who is told within seconds to come again', async () => {
    const scanned = await test.app.scan('twin:S#locked');
    const other = await test.app.scan('twin:S#free');
    const lock = new Client({ connectionString: database.url });
    await lock.connect();
    try {
      await lock.query('begin');
      const { paymentId } = scanned.body.payment;
      await lock.query('select from payment_order where payment_id = $1 for update', [paymentId]);
      const held = test.app.confirm(scanned.body.payment);
      const paid = await until('the other one is paid', async () => {
        const answer = await test.app.confirm(other.body.payment);
        return answer.body.status === 'PAID' && answer;
      });
      expect(paid.status).toBe(200);
      const answer = await held;
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    } finally {
      await lock.end();
    }
    await until(
      'it is paid',
      async () => (await test.app.confirm(scanned.body.payment)).body.status === 'PAID',
    );
  });
});
