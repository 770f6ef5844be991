import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../migrations/migrations.js';
import { NEEDED_BEFORE } from '../../migrations/release-steps.js';
import { dropNeededBefore, neededBefore } from '../../src/platform/database/finish-release.js';
import { migrateDatabase } from '../../src/platform/database/migrate.js';
import { anOrder, confirm } from '../support/builders/an-order.js';
import { OpenedStores } from '../support/builders/opened-stores.js';
import { ask } from '../support/database/ask.js';

/** The first of the migrations that add the list and drop what it replaces. */
const FIRST = 'UnpaidOrders1700000003100';

let stores: OpenedStores;

beforeEach(async () => {
  stores = await OpenedStores.open();
});
afterEach(() => stores.close());

const listed = () => ask(stores.url, 'select * from unpaid_order order by payment_id');
const wanted = () =>
  ask(
    stores.url,
    `select status, created_at, payment_id, expires_at, cancel_requested_at from payment_order
     where status not in ('DEBITING', 'PAID') or status = 'PAID' and cancel_requested_at is not null order by payment_id`,
  );

async function mark(paymentRequestId: string): Promise<void> {
  await ask(
    stores.url,
    'update payment_order set cancel_requested_at = db_now() where payment_request_id = $1',
    [paymentRequestId],
  );
}

/** An order in every possible state, and two that a cancel has marked. */
async function orders(): Promise<void> {
  await anOrder(stores).decoded();
  await anOrder(stores).held().decoded();
  await anOrder(stores).confirmed();
  await anOrder(stores).declined();
  await anOrder(stores).paid();
  await mark((await anOrder(stores).paid()).paymentRequestId);
  await mark((await anOrder(stores).decoded()).paymentRequestId);
  await mark((await anOrder(stores).confirmed()).order.paymentRequestId);
}

describe('the list of unpaid orders', () => {
  it('holds exactly the orders that are neither being debited nor paid, and those being reversed', async () => {
    await orders();
    expect(await listed()).toEqual(await wanted());
    expect(await listed()).toHaveLength(5);
  });

  it('follows an order that is opened again', async () => {
    const order = await anOrder(stores).decoded();
    const confirmed = await confirm(stores, order);
    expect(await listed()).toEqual([]);
    await stores.debits.reopened(confirmed!, 'INSUFFICIENT_BALANCE');
    expect(await listed()).toMatchObject([{ payment_id: order.paymentId, status: 'AWAITING_CONFIRMATION' }]);
  });

  it('is changed in the transaction that moves the order', async () => {
    await expect(
      stores.database.transaction(async (tx) => {
        await anOrder(stores.within(tx)).decoded();
        throw new Error('the commit is lost');
      }),
    ).rejects.toThrow('the commit is lost');
    expect(await listed()).toEqual([]);
  });

  it('cannot hold an order that is paid or being debited', async () => {
    const insert = (status: string) =>
      ask(
        stores.url,
        `insert into unpaid_order (status, created_at, payment_id, expires_at)
         values ('${status}', now(), gen_random_uuid(), now())`,
      );
    await expect(insert('PAID')).rejects.toThrow('unpaid_order_status_ck');
    await expect(insert('DEBITING')).rejects.toThrow('unpaid_order_status_ck');
  });
});

describe('a database that has orders already', () => {
  async function goBack(): Promise<void> {
    const dataSource = new DataSource({ type: 'postgres', url: stores.url, migrations: MIGRATIONS });
    await dataSource.initialize();
    const since = MIGRATIONS.length - MIGRATIONS.findIndex(({ name }) => name === FIRST);
    for (let at = 0; at < since; at += 1) await dataSource.undoLastMigration({ transaction: 'each' });
    await dataSource.destroy();
  }

  it('gets the list of them, and keeps the indexes of the previous version until the release is finished', async () => {
    await orders();
    const before = await wanted();
    await goBack();
    expect(await ask(stores.url, `select to_regclass('unpaid_order') as list`)).toEqual([{ list: null }]);
    await migrateDatabase(stores.url);
    expect(await listed()).toEqual(before);
    expect(await neededBefore(stores.url)).toEqual([...NEEDED_BEFORE]);
    const words = `select words is not null as has_words from data_sealing`;
    expect(await ask(stores.url, words)).toEqual([{ has_words: false }]);
    expect(await dropNeededBefore(stores.url)).toEqual([...NEEDED_BEFORE]);
    expect(await neededBefore(stores.url)).toEqual([]);
    expect(await ask(stores.url, words)).toEqual([{ has_words: true }]);
  });

  it('is listed whole however many orders there are, and with moves made meanwhile', async () => {
    await anOrder(stores).declined();
    await goBack();
    const many = 1_203;
    await ask(
      stores.url,
      `insert into payment_order select (jsonb_populate_record(o, jsonb_build_object('payment_id', gen_random_uuid(),
         'payment_request_id', gen_random_uuid(), 'status', 'AWAITING_CONFIRMATION', 'result_status', null,
         'result_code', null, 'result_message', null, 'finished_at', null))).*
       from payment_order o, generate_series(1, ${many})`,
    );
    let isDone = false;
    const migrating = migrateDatabase(stores.url).finally(() => (isDone = true));
    do {
      await ask(
        stores.url,
        `update payment_order set status = 'DEBITING' where payment_id in (
           select payment_id from payment_order where status = 'AWAITING_CONFIRMATION' order by random() limit 5)`,
      );
    } while (!isDone);
    await migrating;
    expect(await listed()).toEqual(await wanted());
  });
});
