import { randomUUID } from 'node:crypto';
import { mock } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { MessageSignature } from '../../src/alipay-plus/signature/message-signature.js';
import { EventLog } from '../../src/platform/logging/event-log.js';
import { readSettings } from '../../src/settings.js';
import { startService, type RunningService } from '../../src/start-service.js';
import { PostgresMeter } from '../support/meters/postgres-meter.js';
import { WireMeter } from '../support/meters/wire-meter.js';
import { ApiClient } from '../support/service/api-client.js';
import { openDemoCustomers } from '../support/service/open-demo-customers.js';
import { prepareTestGround, type TestGround } from '../support/service/test-ground.js';
import { until } from '../support/service/until.js';

/**
 * The cost of one payer at a till, counted and not timed: statements, round trips, signatures, connections and bytes. A
 * number that grows here makes every scan more expensive; one that shrinks is updated here. `docs/performance.md` says
 * why each statement exists.
 */
const SCAN = ['scan_begin', 'scan_accept'];
const CONFIRM = ['order_confirm', 'ledger_debit', 'debit_settle'];
/**
 * For the twin's plain order. There is room for a few digits, and for the escapes of a signature; none for another
 * field. Scans go to the database as lists in JSON, whose names a single scan pays for too. Sealed values are packed
 * first, and bytes travel as text.
 */
const SCAN_BYTES = { toDatabase: 2_300, fromDatabase: 1_050, toAlipayPlus: 880, toApp: 1_000 };
const CONFIRM_BYTES = { toDatabase: 1_750, fromDatabase: 3_150, toApp: 1_060 };

let ground: TestGround;
let service: RunningService;
let database: PostgresMeter;
let alipayPlus: WireMeter;
let app: ApiClient;

beforeAll(async () => {
  ground = await prepareTestGround();
  database = await PostgresMeter.before(ground.database.url);
  alipayPlus = await WireMeter.before(ground.twin.url);
  await openDemoCustomers(ground.database.url);
  const settings = readSettings({
    ...ground.environment,
    // The API alone: the work of a worker has counts of its own.
    ROLE: 'api',
    // Few connections, so that each statement was prepared on all of them before it is counted.
    DATABASE_POOL_SIZE: '2',
    // Read now and then, for hundreds of requests together.
    API_KEYS_REFRESH_MS: '60000',
    // Of a caller far from its limit the database hears nothing.
    LIMIT_TOKEN_PER_MINUTE: '100000',
    LIMIT_CUSTOMER_PER_MINUTE: '100000',
    LIMIT_ADDRESS_PER_MINUTE: '100000',
    DATABASE_URL: database.through(ground.database.url),
    ALIPAYPLUS_BASE_URL: alipayPlus.through(ground.twin.url),
  });
  service = await startService(settings, new EventLog({ level: 'info' }, { write: () => undefined }));
  app = new ApiClient(service.url, ground.tokens.walletApp);
  // The first time prepares statements and opens connections, which costs more than every later time.
  for (let time = 1; time <= 5; time += 1) await Promise.all(Array.from({ length: 6 }, pay));
});
afterAll(async () => {
  await service.stop();
  await alipayPlus.close();
  await database.close();
  await ground.stop();
});

/** Statements that a process runs every few seconds without a request. */
const BACKGROUND = new Set(['clock_look', 'service_switches']);
const isOurs = (statement: string): boolean => !BACKGROUND.has(statement);

/** The total cost while `work` was done, at a time when the process ran no background statement. */
async function costOf<Result, Ground>(
  work: (ground: Ground) => Promise<Result>,
  prepare: () => Promise<Ground>,
) {
  const signature = service.app.get(MessageSignature);
  for (;;) {
    const prepared = await prepare();
    await untilSilent();
    const [sign, verify] = [mock.method(signature, 'sign').mock, mock.method(signature, 'verify').mock];
    const before = seen();
    const result = await work(prepared);
    await untilSilent();
    const after = seen();
    const statements = database.statements.slice(before.statements);
    const cost = {
      statements,
      parses: after.parses - before.parses,
      roundTrips: after.roundTrips - before.roundTrips,
      databaseBytesSent: after.databaseBytesSent - before.databaseBytesSent,
      databaseBytesReceived: after.databaseBytesReceived - before.databaseBytesReceived,
      databaseConnections: after.databaseConnections - before.databaseConnections,
      alipayPlusBytesSent: after.alipayPlusBytesSent - before.alipayPlusBytesSent,
      alipayPlusConnections: after.alipayPlusConnections - before.alipayPlusConnections,
      signatures: sign.callCount(),
      verifications: verify.callCount(),
    };
    sign.restore();
    verify.restore();
    if (statements.every(isOurs)) return { cost, result };
  }
}

/** The answer to a hint comes when the payer has theirs; a measurement must not begin or end before it. */
function untilSilent(): Promise<unknown> {
  let last = '';
  return until('nothing is said any more', async () => {
    const [now, before] = [JSON.stringify(seen()), last];
    last = now;
    if (now !== before) await sleep(25);
    return now === before;
  });
}

const costOfAScan = () => costOf(scan, async () => undefined);
const costOfAConfirm = () => costOf(confirm, async () => (await scan()).body.payment);

function seen() {
  return {
    statements: database.statements.length,
    parses: database.parses,
    roundTrips: database.roundTrips,
    databaseBytesSent: database.bytesSent,
    databaseBytesReceived: database.bytesReceived,
    databaseConnections: database.connections,
    alipayPlusBytesSent: alipayPlus.bytesSent,
    alipayPlusConnections: alipayPlus.connections,
  };
}

const scan = () => app.scan(`twin:S#${randomUUID()}`);
/** The hint to the notifier is sent in parallel with the answer: the test waits for it, so that it is counted once. */
const hints = () => database.statements.filter((text) => text.includes('add_job')).length;

async function pay() {
  const { body } = await scan();
  return confirm(body.payment);
}

async function confirm(payment: Parameters<ApiClient['confirm']>[0]) {
  const before = hints();
  const answer = await app.confirm(payment);
  await until('the notifier was told', () => hints() > before);
  return answer;
}

describe('a scan costs', () => {
  it('these statements, each one round trip and already prepared, on open connections', async () => {
    const { cost, result } = await costOfAScan();
    expect(result.status).toBe(201);
    expect(cost).toMatchObject({
      statements: SCAN,
      parses: 0,
      roundTrips: SCAN.length,
      databaseConnections: 0,
    });
  });

  it('one signature, one verification and one call to Alipay+ on a connection that stays open', async () => {
    const { cost, result } = await costOf(
      async (calls) => {
        await scan();
        return (await ground.books.calls()).length - calls;
      },
      async () => (await ground.books.calls()).length,
    );
    expect(cost).toMatchObject({ signatures: 1, verifications: 1, alipayPlusConnections: 0 });
    expect(result).toBe(1);
  });

  it('no more bytes than this', async () => {
    const { cost, result } = await costOfAScan();
    expect(cost.databaseBytesSent).toBeLessThan(SCAN_BYTES.toDatabase);
    expect(cost.databaseBytesReceived).toBeLessThan(SCAN_BYTES.fromDatabase);
    expect(cost.alipayPlusBytesSent).toBeLessThan(SCAN_BYTES.toAlipayPlus);
    expect(Buffer.byteLength(result.text)).toBeLessThan(SCAN_BYTES.toApp);
  });

  it('less for each of many at once, which share commits, on no more connections than the pool and the callers', async () => {
    const before = seen();
    const many = 40;
    await Promise.all(Array.from({ length: many }, scan));
    const after = seen();
    expect(after.statements - before.statements).toBeLessThanOrEqual(many * SCAN.length * 0.6);
    expect(after.databaseConnections - before.databaseConnections).toBeLessThan(10);
    expect(after.alipayPlusConnections - before.alipayPlusConnections).toBeLessThan(many);
  });
});

describe('a confirm costs', () => {
  it('these statements and the hint to the notifier, and no call', async () => {
    const { cost, result } = await costOfAConfirm();
    expect(result.body.status).toBe('PAID');
    expect(cost.statements.filter((text) => !text.includes('add_job'))).toEqual(CONFIRM);
    expect(cost).toMatchObject({
      roundTrips: CONFIRM.length + 1,
      databaseConnections: 0,
      alipayPlusConnections: 0,
      signatures: 0,
    });
  });

  it('no more bytes than this', async () => {
    const { cost, result } = await costOfAConfirm();
    expect(cost.databaseBytesSent).toBeLessThan(CONFIRM_BYTES.toDatabase);
    expect(cost.databaseBytesReceived).toBeLessThan(CONFIRM_BYTES.fromDatabase);
    expect(Buffer.byteLength(result.text)).toBeLessThan(CONFIRM_BYTES.toApp);
  });

  it('less for the end and for the hint when many confirm at once: those that come meanwhile go together', async () => {
    const many = 20;
    const scans = await Promise.all(Array.from({ length: many }, scan));
    const [before, calls] = [database.statements.length, hints()];
    const paid = await Promise.all(scans.map(({ body }) => app.confirm(body.payment)));
    expect(paid.map(({ body }) => body.status)).toEqual(paid.map(() => 'PAID'));
    await until('the notifier was told', () => hints() > calls);
    expect(hints() - calls).toBeLessThan(many);
    // More at once open more connections, each of which sets its session once.
    const rest = database.statements
      .slice(before)
      .filter((text) => isOurs(text) && !/add_job|set_config/.test(text));
    const times = (name: string): number => rest.filter((text) => text === name).length;
    // Each intent is committed, and the ledger called, by itself.
    expect([times('order_confirm'), times('ledger_debit')]).toEqual([many, many]);
    expect(times('debit_settle')).toBeLessThanOrEqual(many * 0.75);
    expect(rest).toHaveLength(2 * many + times('debit_settle'));
  });
});
