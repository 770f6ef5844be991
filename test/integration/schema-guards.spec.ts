import { randomBytes, randomUUID } from 'node:crypto';
import { Client } from 'pg';
import {
  PAYMENT_STATUSES,
  isTerminal,
  TRANSITIONS,
  type PaymentStatus,
} from '../../src/payment-order/order/payment-status.js';
import { createTestDatabase, type TestDatabase } from '../support/database/test-database.js';

/** The rules of the database itself, whatever the program does. One connection, and every test undoes its rows. */
let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

beforeEach(() => client.query('begin'));
afterEach(() => client.query('rollback'));

const REFUSED_BY_TRIGGER = { code: '23000' };
const refusedSaying = (words: string) => ({
  code: '23000',
  message: expect.stringContaining(words) as unknown,
});
const REFUSED_AS_DOUBLE = { code: '23505' };
const REFUSED_BY_CHECK = { code: '23514' };

const STATUSES = PAYMENT_STATUSES;

/** The columns that must have a value exactly when an order is final. */
function resultFor(status: PaymentStatus): string {
  if (!isTerminal(status)) return 'null, null, null';
  return status === 'PAID' ? `'S', 'SUCCESS', db_now()` : `'F', 'ORDER_IS_CLOSED', db_now()`;
}

async function anOrder(status: PaymentStatus = 'AWAITING_CONFIRMATION'): Promise<string> {
  const paymentId = randomUUID();
  await client.query(
    `insert into payment_order (payment_id, payment_request_id, customer_id, status, scenario, payment_currency,
       payment_value, pay_to_currency, pay_to_value, pay_currency, pay_value, expires_at, notify_url, content,
       content_sha256, created_at, updated_at, result_status, result_code, finished_at)
     values ($1, $2, 'customer', $3, 'CASHIER', 'HKD', 5, 'HKD', 5, 'HKD', 5, db_now() + interval '1 hour',
       'https://localhost/notify', '{}', $4, db_now(), db_now(), ${resultFor(status)})`,
    [paymentId, randomUUID(), status, randomBytes(32)],
  );
  return paymentId;
}

async function move(paymentId: string, to: PaymentStatus): Promise<void> {
  await client.query(
    `update payment_order set status = $2, (result_status, result_code, finished_at) = (${resultFor(to)})
     where payment_id = $1`,
    [paymentId, to],
  );
}

async function aNotification(paymentId: string): Promise<void> {
  await client.query(
    `insert into notification (payment_id, url, body, body_sha256, status, next_attempt_at, gives_up_at, created_at,
       updated_at)
     values ($1, 'https://localhost/notify', 'the body', $2, 'PENDING', db_now(), db_now(), db_now(), db_now())`,
    [paymentId, randomBytes(32)],
  );
}

async function aScan(codeHash: Buffer): Promise<string> {
  const scanId = randomUUID();
  await client.query(
    `insert into scan (scan_id, customer_id, code_hash, request_body, status, next_attempt_at, gives_up_at, created_at,
       updated_at)
     values ($1, 'customer', $2, 'the request', 'PENDING', db_now(), db_now(), db_now(), db_now())`,
    [scanId, codeHash],
  );
  return scanId;
}

async function aDebit(paymentId: string, sequence: number, refusalCode: string | null): Promise<void> {
  await client.query(
    `insert into debit (debit_id, payment_id, sequence, customer_id, currency, value, not_after, status, refusal_code,
       next_attempt_at, created_at, updated_at)
     values ($1, $2, $3, 'customer', 'HKD', 5, db_now(), case when $4::text is null then 'INTENDED' else 'REFUSED' end,
       $4, case when $4 is null then db_now() end, db_now(), db_now())`,
    [randomUUID(), paymentId, sequence, refusalCode],
  );
}

async function anAction(paymentId: string, act: string, outcome: string, why: string | null): Promise<void> {
  await client.query(
    `insert into operator_action (payment_id, at, actor, act, reason, outcome, why, before)
     values ($1, db_now(), 'operator:x', $2, 'because', $3, $4, '{}')`,
    [paymentId, act, outcome, why],
  );
}

/** Whether the database allows it; the transaction goes on either way. */
async function isAllowed(deed: () => Promise<void>): Promise<boolean> {
  await client.query('savepoint before');
  try {
    await deed();
    return true;
  } catch (error) {
    expect(error).toMatchObject(REFUSED_BY_TRIGGER);
    await client.query('rollback to savepoint before');
    return false;
  }
}

describe('a payment order', () => {
  test('moves exactly as the transition table says, for every pair of statuses', async () => {
    const found: string[] = [];
    for (const from of STATUSES) {
      for (const to of STATUSES.filter((status) => status !== from)) {
        const paymentId = await anOrder(from);
        if (await isAllowed(() => move(paymentId, to))) found.push(`${from} -> ${to}`);
      }
    }
    const listed = Object.entries(TRANSITIONS).flatMap(([from, events]) =>
      Object.values(events).map((to) => `${from} -> ${to}`),
    );
    expect(STATUSES.length).toBe(8);
    expect(found.toSorted()).toEqual([...new Set(listed)].toSorted());
  });

  test.each(STATUSES.filter(isTerminal))(
    'that is %s cannot be committed without a notification',
    async (status) => {
      await anOrder(status);
      await expect(client.query('commit')).rejects.toMatchObject(refusedSaying('has no notification'));
    },
  );

  test('that is final can be committed with its notification, and so can one that is open without', async () => {
    await aNotification(await anOrder('DECLINED'));
    await anOrder('HELD');
    await expect(client.query('commit')).resolves.toMatchObject({ command: 'COMMIT' });
  });

  test('is unique by paymentRequestId', async () => {
    const copy = `insert into payment_order select (jsonb_populate_record(null::payment_order,
      to_jsonb(o) || jsonb_build_object('payment_id', gen_random_uuid()))).* from payment_order o
      where payment_id = $1`;
    const paymentId = await anOrder();
    await expect(client.query(copy, [paymentId])).rejects.toMatchObject({
      ...REFUSED_AS_DOUBLE,
      constraint: 'payment_order_request_uq',
    });
  });

  test.each(['0', '-1', '0.5', '1.5'])('has no amount of %s minor units', async (value) => {
    const paymentId = await anOrder();
    await expect(
      client.query('update payment_order set pay_value = $2 where payment_id = $1', [paymentId, value]),
    ).rejects.toMatchObject(REFUSED_BY_CHECK);
  });
});

describe('an order that is held', () => {
  test.each(['AWAITING_CONFIRMATION', 'DEBITING', 'PAID'] as const)('cannot be %s', async (status) => {
    const paymentId = await anOrder(status);
    const hold = `update payment_order set held_reason = 'HANDLE_BY_SDK' where payment_id = $1`;
    await expect(client.query(hold, [paymentId])).rejects.toMatchObject(REFUSED_BY_CHECK);
  });

  test('is not released without its amounts', async () => {
    const paymentId = await anOrder('HELD');
    await client.query(
      `update payment_order set held_reason = 'NOT_PAYABLE: x', pay_value = null where payment_id = $1`,
      [paymentId],
    );
    const release = `update payment_order set status = 'AWAITING_CONFIRMATION', held_reason = null where payment_id = $1`;
    await expect(client.query(release, [paymentId])).rejects.toMatchObject(REFUSED_BY_CHECK);
  });

  test('is not released without an operator action', async () => {
    const paymentId = await anOrder('HELD');
    await move(paymentId, 'AWAITING_CONFIRMATION');
    await client.query('savepoint released');
    await expect(client.query('set constraints all immediate')).rejects.toMatchObject(
      refusedSaying('released by nobody'),
    );
    await client.query('rollback to savepoint released');
    await anAction(paymentId, 'release', 'DONE', null);
    await client.query('set constraints all immediate');
  });
});

describe('a notification', () => {
  test('has the time of its order, also when the writing version does not know that column', async () => {
    const paymentId = await anOrder('PAID');
    const made = `update payment_order set created_at = '2026-03-01T00:00:00Z' where payment_id = $1`;
    await client.query(made, [paymentId]);
    await aNotification(paymentId);
    const kept = 'select ordered_at from notification where payment_id = $1';
    expect((await client.query(kept, [paymentId])).rows).toEqual([
      { ordered_at: new Date('2026-03-01T00:00:00Z') },
    ]);
    const forgetting = client.query('update notification set ordered_at = null');
    await expect(forgetting).rejects.toMatchObject({ constraint: 'notification_ordered_ck' });
  });

  test.each([`body = 'another'`, `url = 'https://elsewhere/'`, `body_sha256 = sha256('another')`])(
    'refuses a change of %s',
    async (change) => {
      await aNotification(await anOrder());
      await expect(client.query(`update notification set ${change}`)).rejects.toMatchObject(
        refusedSaying('frozen'),
      );
    },
  );
});

describe('evidence', () => {
  const HISTORY = `insert into payment_history (payment_id, at, event, to_status, actor)
    values ($1, db_now(), 'DECODED', 'AWAITING_CONFIRMATION', 'alipay-plus')`;
  const EXCHANGE = `insert into decode_exchange (scan_id, attempt, finished_at, duration_ms, outcome, request_time,
    key_version) values ($1, 1, db_now(), 1, 'unknown', '', '1')`;
  const ATTEMPT = `insert into notification_attempt (payment_id, attempt, finished_at, duration_ms, outcome,
    request_time, key_version, requested_by) values ($1, 1, db_now(), 1, 'unknown', '', '1', 'schedule')`;

  test('of what happened to an order is neither changed nor deleted', async () => {
    await client.query(HISTORY, [await anOrder()]);
    expect(await isAllowed(() => run(`update payment_history set event = 'PAID'`))).toBe(false);
    expect(await isAllowed(() => run('delete from payment_history'))).toBe(false);
  });

  test('of a call to Alipay+ is not changed', async () => {
    await client.query(EXCHANGE, [await aScan(randomBytes(32))]);
    const paymentId = await anOrder();
    await aNotification(paymentId);
    await client.query(ATTEMPT, [paymentId]);
    for (const table of ['decode_exchange', 'notification_attempt']) {
      expect(await isAllowed(() => run(`update ${table} set outcome = 'accepted'`))).toBe(false);
      expect(await isAllowed(() => run(`update ${table} set answer = 'another'`))).toBe(false);
      const SEALED = `'\\x0053450100000001'::bytea`;
      expect(await isAllowed(() => run(`update ${table} set outcome = 'accepted', answer = ${SEALED}`))).toBe(
        false,
      );
      // With another key, or no longer stored.
      expect(await isAllowed(() => run(`update ${table} set answer = ${SEALED}`))).toBe(true);
      expect(await isAllowed(() => run(`update ${table} set answer = null`))).toBe(true);
    }
  });

  test("of an operator's act is neither changed nor deleted, and names the reason when nothing was done", async () => {
    const paymentId = await anOrder();
    await anAction(paymentId, 'close', 'DONE', null);
    expect(await isAllowed(() => run(`update operator_action set reason = 'better'`))).toBe(false);
    expect(await isAllowed(() => run('delete from operator_action'))).toBe(false);
    await client.query('savepoint before');
    await expect(anAction(paymentId, 'close', 'REFUSED', null)).rejects.toMatchObject(REFUSED_BY_CHECK);
    await client.query('rollback to savepoint before');
    await expect(anAction(paymentId, 'force', 'DONE', null)).rejects.toMatchObject(REFUSED_BY_CHECK);
  });

  test("of an operator's note is kept, however its text is stored", async () => {
    await client.query(
      `insert into payment_note (note_id, payment_id, at, actor, application, text_hash, body)
       values (gen_random_uuid(), $1, db_now(), 'operator:x', 'x', sha256('they called'), 'they called')`,
      [await anOrder()],
    );
    const changes = [
      `body = 'another'`,
      `actor = 'operator:y'`,
      `text_hash = sha256('another')`,
      `at = db_now(), body = ''`,
    ];
    for (const change of changes)
      expect(await isAllowed(() => run(`update payment_note set ${change}`))).toBe(false);
    expect(await isAllowed(() => run('delete from payment_note'))).toBe(false);
    const seal = String.raw`update payment_note set body = '\x0053450100000001'::bytea`;
    expect(await isAllowed(() => run(seal))).toBe(true);
    expect(await isAllowed(() => run(`update payment_note set body = ''`))).toBe(true);
    // An erased text stays erased.
    expect(await isAllowed(() => run(seal))).toBe(false);
  });

  async function run(statement: string): Promise<void> {
    await client.query(statement);
  }
});

describe('a second row', () => {
  test('of a scan in flight for one code is refused, whoever scans; after the first has ended it is not', async () => {
    const codeHash = randomBytes(32);
    const scanId = await aScan(codeHash);
    await client.query('savepoint second');
    await expect(aScan(codeHash)).rejects.toMatchObject({
      ...REFUSED_AS_DOUBLE,
      constraint: 'scan_in_flight_uq',
    });
    await client.query('rollback to savepoint second');
    await aScan(randomBytes(32));
    await client.query(`update scan set status = 'GIVEN_UP', next_attempt_at = null where scan_id = $1`, [
      scanId,
    ]);
    await expect(aScan(codeHash)).resolves.toEqual(expect.any(String));
  });

  test('of an effective debit of an order is refused; after a refusal it is not', async () => {
    const paymentId = await anOrder();
    await aDebit(paymentId, 1, 'INSUFFICIENT_BALANCE');
    await aDebit(paymentId, 2, null);
    await expect(aDebit(paymentId, 3, null)).rejects.toMatchObject({
      ...REFUSED_AS_DOUBLE,
      constraint: 'debit_effective_uq',
    });
  });

  test('stays refused when the first debit was given back', async () => {
    const paymentId = await anOrder();
    await aDebit(paymentId, 1, null);
    await client.query(`update debit set status = 'REVERSED', next_attempt_at = null`);
    await expect(aDebit(paymentId, 2, null)).rejects.toMatchObject(REFUSED_AS_DOUBLE);
  });
});
