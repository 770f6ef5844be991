import { HttpService } from '@nestjs/axios';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Undo } from '../../scripts/drill/ground/undo.js';
import { LedgerHttpServer } from '../../scripts/serve-embedded-ledger/ledger-http-server.js';
import { Reconcile, type Difference } from '../../src/debit/reconcile/reconcile.js';
import type { PartnerLine } from '../../src/debit/reconcile/reconcile-rules.js';
import { Repair, type RepairReport } from '../../src/debit/repair/repair.js';
import { ReconcileStore } from '../../src/payment-order/records/reconcile.store.js';
import { RepairStore } from '../../src/payment-order/records/repair.store.js';
import { Database } from '../../src/platform/database/database.js';
import { openPool } from '../../src/platform/database/pool.js';
import { EventLog } from '../../src/platform/logging/event-log.js';
import { EmbeddedWalletLedger } from '../../src/wallet-ledger/embedded/embedded-wallet-ledger.js';
import { HttpWalletLedger } from '../../src/wallet-ledger/http/http-wallet-ledger.js';
import { askAnew } from '../support/database/ask.js';
import { DebianPostgres } from '../support/database/debian-postgres.js';
import { createTestDatabase, type TestDatabase } from '../support/database/test-database.js';
import { describeWithPart } from '../support/parts/describe-with-part.js';
import { ApiClient } from '../support/service/api-client.js';
import { openDemoCustomers } from '../support/service/open-demo-customers.js';
import { ServiceProcess } from '../support/service/service-process.js';
import { prepareTestGround, type TestGround } from '../support/service/test-ground.js';
import { until } from '../support/service/until.js';

// The last limit: each wait in here has a limit of its own that names what it waits for.
jest.setTimeout(1_200_000);

const WEEK_MS = 7 * 86_400_000;
const PATIENCE_MS = 100_000;
const PAYERS = 2;
const SECRET = 'a-secret-of-the-test-with-32-bytes-or-more';

/** Only our records are restored; the wallet's core and Alipay+ keep theirs (failures 25). */
describeWithPart('pg_basebackup', 'records that come back from a backup', () => {
  const undo = new Undo();
  let directory: string;
  let records: DebianPostgres;
  let money: TestDatabase;
  let books: Database;
  let core: HttpWalletLedger;
  let ground: TestGround;
  let environment: Readonly<Record<string, string>>;
  /** By the ids of Alipay+: the payments that payers were told are paid, and the codes they scanned. */
  const told = new Map<string, { readonly code: string; readonly line: PartnerLine }>();
  const figures: string[] = [];

  const databaseOn = (url: string): Database => {
    const database = new Database(openPool(url, { name: 'test', max: 2 }));
    undo.add(() => database.pool.end());
    return database;
  };
  const timed = async <T>(what: string, work: Promise<T>): Promise<T> => {
    const beganMs = performance.now();
    const done = await work;
    figures.push(`${what}: ${((performance.now() - beganMs) / 1_000).toFixed(1)} s`);
    return done;
  };
  const serve = async ({ url }: DebianPostgres): Promise<ServiceProcess> => {
    const service = await ServiceProcess.start({ ...environment, DATABASE_URL: url });
    undo.add(() => service.end('SIGTERM'));
    return service;
  };
  const payOnce = async (service: ServiceProcess, code = `twin:S#${randomUUID()}`): Promise<string> => {
    const app = new ApiClient(service.url, ground.tokens.walletApp);
    const payment = await app.decodedPayment(code);
    await until('it is paid', async () => (await app.confirm(payment)).body.status === 'PAID', PATIENCE_MS);
    const { paymentRequestId, payToAmount } = payment;
    const line = { line: told.size + 1, paymentRequestId, ...payToAmount, status: 'PAID' as const };
    told.set(paymentRequestId, { code, line });
    return paymentRequestId;
  };
  /** The payments that Alipay+ counts as paid. */
  const counted = async (): Promise<Set<string>> => {
    const orders = await ground.books.orders('?limit=1000');
    const paid = orders.filter(({ acknowledgedResult }) => acknowledgedResult === 'S');
    return new Set(paid.map(({ paymentRequestId }) => String(paymentRequestId)));
  };
  /** Debits that the ledger holds; a doubled one would be in the list twice. */
  const held = async (): Promise<string[]> => {
    const text = `select payment_request_id as id from ledger_movement m where kind = 'DEBIT'
      and not exists (select from ledger_movement r where r.key = m.key and r.kind = 'REVERSAL') order by 1`;
    return (await books.run<{ id: string }>({ name: 'held', text }, [])).map(({ id }) => id).toSorted();
  };

  let base: string;
  let dump: string;
  let target: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'backup-'));
    await chmod(directory, 0o755); // the account that runs PostgreSQL for root reads from it
    undo.add(() => rm(directory, { recursive: true, force: true }));
    const archive = join(directory, 'archive');
    records = await DebianPostgres.make(join(directory, 'server'), archive);
    undo.add(() => records.stop('SIGKILL'));
    money = await createTestDatabase();
    undo.add(() => money.drop());
    await openDemoCustomers(money.url);
    books = databaseOn(money.url);
    const log = new EventLog({ level: 'error' }, { write: () => undefined });
    const served = new LedgerHttpServer(new EmbeddedWalletLedger(books, log), Buffer.from(SECRET));
    const url = await served.listen();
    undo.add(() => served.close());
    core = new HttpWalletLedger(new HttpService(), { url, secret: Buffer.from(SECRET), timeoutMs: 10_000 });
    const secretFile = join(directory, 'ledger-secret');
    await writeFile(secretFile, SECRET);
    ground = await prepareTestGround({ database: money });
    undo.add(() => ground.stop());
    environment = {
      ...ground.environment,
      WALLET_LEDGER: 'http',
      WALLET_LEDGER_URL: url,
      WALLET_LEDGER_SECRET_FILE: secretFile,
    };

    const service = await serve(records);
    const stopped = new AbortController();
    const payers = Promise.all(
      Array.from({ length: PAYERS }, async () => {
        while (!stopped.signal.aborted) await payOnce(service);
      }),
    );
    const paidMore = async (count: number): Promise<void> => {
      const before = told.size;
      const more = until(`${count} more are paid`, () => told.size >= before + count, PATIENCE_MS);
      await Promise.race([more, payers]);
    };
    [base, dump] = [join(directory, 'base'), join(directory, 'server', 'records.dump')];
    await paidMore(20);
    await timed('base backup beside the load', records.baseBackup(base));
    await paidMore(10);
    await timed('dump beside the load', records.dump(dump));
    await paidMore(10);
    // At that moment one scan waits for its decode; its order is known and paid only afterwards.
    const pending = payOnce(service, `twin:S;slow=4s#${randomUUID()}`);
    const isPending = async (): Promise<boolean> =>
      (await askAnew(records.url, `select 1 from scan where status = 'PENDING'`)).length > 0;
    await until('a scan is pending', isPending, PATIENCE_MS);
    const [now] = await askAnew<{ at: string }>(records.url, 'select clock_timestamp()::text as at');
    target = now?.at ?? '';
    await Promise.all([paidMore(20), pending]);
    stopped.abort();
    await payers;
    await records.archiveAll();
    figures.push(`${told.size} payments, ${(await readdir(archive)).length} files of log in the archive`);
    // A disk that fails gives no warning.
    await Promise.all([service.end('SIGKILL'), records.stop('SIGKILL')]);
  });
  afterAll(async () => {
    await undo.run();
    console.log(figures.join('\n'));
  });

  /** Restored records, a service on them, the repair, and the comparison of the three books afterwards. */
  const comeBack = async (name: string, restored: DebianPostgres): Promise<void> => {
    const store = new RepairStore(databaseOn(restored.url));
    const toldBefore = [...told.keys()];
    const standings = await store.standings(toldBefore);
    const lost = standings.filter(({ order }) => order === undefined).map((one) => one.paymentRequestId);
    const open = standings.filter(({ order }) => order !== undefined && order.status !== 'PAID').length;
    expect(lost.length).toBeGreaterThan(10);
    expect(lost.length + open).toBeLessThan(toldBefore.length);

    const service = await serve(restored);
    expect(service.events).toContainEqual(
      expect.objectContaining({ event: 'records.gap_found', gap: 'MOVED' }),
    );
    await payOnce(service);
    const isNonePending = async (): Promise<boolean> =>
      (await askAnew(restored.url, `select 1 from scan where status = 'PENDING'`)).length === 0;
    await until('no scan is pending', isNonePending, PATIENCE_MS);
    // The payer of a lost order scans its code again: it is paid with the earlier debit.
    const again = lost.pop() ?? '';
    expect(await payOnce(service, told.get(again)?.code)).toBe(again);

    const repair = new Repair(store, core);
    const window = { from: new Date(Date.now() - WEEK_MS), to: new Date(Date.now() + 60_000) };
    const look = async (): Promise<RepairReport> =>
      repair.look({ ...window, paid: await counted(), now: new Date(Date.now() + WEEK_MS) });
    const asked = new Set<string>();
    let last = await timed(`${name}: the repair looks`, look());
    const left = () =>
      last.findings.filter(
        ({ verdict, reason }) => verdict !== 'agrees' && reason !== 'COUNTED_PAID_WITHOUT_RECORD',
      );
    // Run again, as the runbook says: a scan that was pending becomes an order only now.
    const isDone = async (): Promise<boolean> => {
      const { findings } = await repair.putRight(last, { actor: 'operator:test', reason: name });
      for (const { paymentRequestId, done } of findings) if (done === 'asked') asked.add(paymentRequestId);
      last = await look();
      return left().length === 0;
    };
    await until('the repair leaves nothing but what it cannot know', isDone, PATIENCE_MS).catch(
      (error: unknown) => expect({ error, left: left() }).toEqual({ error, left: [] }),
    );
    expect(last.notSeen).toEqual([]);
    // Every payment that was lost with the records is named, and no other.
    const named = last.findings.filter(({ verdict }) => verdict === 'decide');
    const paidNow = await counted();
    const known = await store.standings(lost.filter((id) => paidNow.has(id)));
    const without = known.filter(({ order }) => order === undefined).map((one) => one.paymentRequestId);
    expect(without.length).toBeGreaterThan(10);
    expect(named.map(({ paymentRequestId }) => paymentRequestId).toSorted()).toEqual(without.toSorted());
    // Nothing is doubled, and nothing is kept that nobody counts as paid.
    expect(await held()).toEqual([...paidNow].toSorted());

    const differences: Difference[] = [];
    await new Reconcile(new ReconcileStore(databaseOn(restored.url)), core).run({
      ...window,
      partner: (async function* () {
        for (const id of paidNow) {
          const one = told.get(id);
          if (one) yield one.line;
        }
      })(),
      onDifference: (difference) => differences.push(difference),
    });
    for (const book of ['alipay-plus', 'ledger']) {
      const only = differences.filter((one) => one.book === book);
      expect(new Set(only.map(({ kind }) => kind))).toEqual(new Set(['ONLY_THERE']));
      expect(only.map(({ paymentRequestId }) => paymentRequestId).toSorted()).toEqual(without.toSorted());
    }
    figures.push(
      `${name}: of ${toldBefore.length} payments ${lost.length + 1} without a record, ${open} open again; ` +
        `${asked.size} restored by the repair, ${named.length} listed`,
    );
    await service.end('SIGTERM');
  };

  it('of a base backup and the log, as of a moment in the middle of the load', async () => {
    const restored = await timed(
      'restored to a point in time',
      records.restoredTo(target, base, join(directory, 'restored')),
    );
    undo.add(() => restored.stop('SIGKILL'));
    await comeBack('base backup', restored);
  });

  it('of a dump that was taken during the load', async () => {
    const empty = await DebianPostgres.make(join(directory, 'of-the-dump'), join(directory, 'its-archive'));
    undo.add(() => empty.stop('SIGKILL'));
    await timed('restored from a dump', empty.restoreDump(dump));
    await comeBack('dump', empty);
  });
});
