import { HttpService } from '@nestjs/axios';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresPair } from '../../scripts/drill/programs/postgres-pair.js';
import { LedgerHttpServer } from '../../scripts/serve-embedded-ledger/ledger-http-server.js';
import { Repair } from '../../src/debit/repair/repair.js';
import { RepairStore } from '../../src/payment-order/records/repair.store.js';
import { Database } from '../../src/platform/database/database.js';
import { openPool } from '../../src/platform/database/pool.js';
import { EventLog } from '../../src/platform/logging/event-log.js';
import { EmbeddedWalletLedger } from '../../src/wallet-ledger/embedded/embedded-wallet-ledger.js';
import { HttpWalletLedger } from '../../src/wallet-ledger/http/http-wallet-ledger.js';
import { createTestDatabase, type TestDatabase } from '../support/database/test-database.js';
import { openDemoCustomers } from '../support/service/open-demo-customers.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(180_000);

const WEEK_MS = 7 * 86_400_000;
const SECRET = 'a-secret-of-the-test-with-32-bytes-or-more';

/**
 * A standby that has not received the last payments is promoted; the wallet's core and Alipay+ keep their books
 * (failures 25).
 */
describe('a failover that lost commits', () => {
  let directory: string;
  let pair: PostgresPair;
  let money: TestDatabase;
  let served: LedgerHttpServer;
  let core: HttpWalletLedger;
  let test: TestService;
  const pools: Database[] = [];
  const databaseOn = (url: string): Database => {
    const database = new Database(openPool(url, { name: 'test', max: 2 }));
    pools.push(database);
    return database;
  };
  let books: Database;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'repair-failover-'));
    await chmod(directory, 0o755); // the account that runs PostgreSQL for root reads from it
    pair = await PostgresPair.start({ directory, replication: 'asynchronous', log: () => undefined });
    money = await createTestDatabase();
    await openDemoCustomers(money.url);
    books = databaseOn(money.url);
    const log = new EventLog({ level: 'error' }, { write: () => undefined });
    served = new LedgerHttpServer(new EmbeddedWalletLedger(books, log), Buffer.from(SECRET));
    const secretFile = join(directory, 'ledger-secret');
    await writeFile(secretFile, SECRET);
    const url = await served.listen();
    core = new HttpWalletLedger(new HttpService(), { url, secret: Buffer.from(SECRET), timeoutMs: 3_000 });
    test = await startTestService({
      database: { url: addressOf(pair), drop: () => Promise.resolve() },
      environment: {
        DATABASE_POOL_SIZE: '6',
        WALLET_LEDGER: 'http',
        WALLET_LEDGER_URL: url,
        WALLET_LEDGER_SECRET_FILE: secretFile,
      },
    });
  });
  afterAll(async () => {
    await test.stop();
    await served.close();
    for (const { pool } of pools) await pool.end();
    await money.drop();
    await pair.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const payOnce = async (code: string): Promise<string | undefined> => {
    const { body, status } = await test.app.scan(code);
    if (status !== 201) return undefined;
    const confirmed = await test.app.confirm(body.payment);
    return confirmed.body.status === 'PAID' ? (body.payment.paymentRequestId as string) : undefined;
  };
  const paid = async (code: string): Promise<string> => {
    const id = await until('it is paid', () => payOnce(code));
    if (!code.includes('notify=500'))
      await until('it is acknowledged', async () => (await test.books.order(code)).acknowledged === true);
    return id;
  };
  const held = async (): Promise<string[]> => {
    const text = `select payment_request_id as id from ledger_movement m where kind = 'DEBIT'
      and not exists (select from ledger_movement r where r.key = m.key and r.kind = 'REVERSAL') order by 1`;
    return (await books.run<{ id: string }>({ name: 'held', text }, [])).map(({ id }) => id);
  };

  it('is mended by a repair: the ledger holds what Alipay+ counts as paid, and nothing else', async () => {
    const kept = await paid('twin:S#kept');
    await pair.follower.askPatiently(
      `select 1 from payment_order where payment_request_id = '${kept}' and status = 'PAID'`,
    );
    await pair.follower.ask(`alter system set primary_conninfo = ''`);
    await pair.follower.ask('select pg_reload_conf()');
    await pair.primary.askPatiently('select 1 where not exists (select from pg_stat_replication)');
    const told = [await paid('twin:S#told-1'), await paid('twin:S#told-2')];
    const scannedAgain = await paid('twin:S#again');
    const untold = await paid('twin:S;notify=500#untold');
    expect(await held()).toHaveLength(5);

    await pair.failOver();
    const after = await until('payments go on', () =>
      payOnce(`twin:S#after-${Math.random()}`).catch(() => undefined),
    );
    await until('the gap is told', () =>
      test.log.some((line) => line.includes('records.gap_found') && line.includes('MOVED')),
    );
    await until('it is known again', async () => (await test.app.scan('twin:S#again')).status === 201);

    const counted = new Set([kept, ...told, scannedAgain, after]);
    const store = new RepairStore(databaseOn(pair.primary.url));
    const window = { from: new Date(Date.now() - WEEK_MS), to: new Date(Date.now() + 60_000) };
    const blind = await new Repair(store, core).look({ ...window, now: new Date() });
    const reasons = blind.findings.map(({ verdict, reason }) => `${verdict} ${reason}`).sort();
    expect(reasons).toEqual([
      'agrees PAID',
      'agrees PAID',
      'decide NO_RECORD_AND_NO_LIST',
      'decide NO_RECORD_AND_NO_LIST',
      'decide NO_RECORD_AND_NO_LIST',
      'restore TAKEN_AND_OPEN',
    ]);

    const repair = new Repair(store, core);
    const look = await repair.look({ ...window, paid: counted, now: new Date(Date.now() + WEEK_MS) });
    const done = await repair.putRight(look, { actor: 'operator:test', reason: 'failover' });
    const of = (id: string) => done.findings.find(({ paymentRequestId }) => paymentRequestId === id);
    expect(of(untold)).toMatchObject({ reason: 'NOT_COUNTED_PAID', done: 'given-back' });
    expect(told.map((id) => of(id)?.reason)).toEqual(told.map(() => 'COUNTED_PAID_WITHOUT_RECORD'));
    expect(of(scannedAgain)).toMatchObject({ done: 'asked' });
    await until('the told order is paid again', async () => {
      const [standing] = await store.standings([scannedAgain]);
      return standing?.order?.status === 'PAID';
    });
    expect(await held()).toEqual([...counted].toSorted());
  });
});

/** Both hosts, as libpq writes them. */
function addressOf({ primary, follower }: PostgresPair): string {
  return `${primary.url.replace(/\/postgres$/, '')},${new URL(follower.url).host}/postgres`;
}
