import { HttpService } from '@nestjs/axios';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LedgerHttpServer } from '../../scripts/serve-embedded-ledger/ledger-http-server.js';
import { Repair, type Finding } from '../../src/debit/repair/repair.js';
import { RepairStore } from '../../src/payment-order/records/repair.store.js';
import { Database } from '../../src/platform/database/database.js';
import { openPool } from '../../src/platform/database/pool.js';
import { EventLog } from '../../src/platform/logging/event-log.js';
import { EmbeddedWalletLedger } from '../../src/wallet-ledger/embedded/embedded-wallet-ledger.js';
import { HttpWalletLedger } from '../../src/wallet-ledger/http/http-wallet-ledger.js';
import { ask } from '../support/database/ask.js';
import { MemoryLedgerServer } from '../support/ledgers/memory-ledger-server.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(120_000);

const WEEK_MS = 7 * 86_400_000;
const SECRET = 'a-secret-of-the-test-with-32-bytes-or-more';
const log = new EventLog({ level: 'error' }, { write: () => undefined });

/** Commits are removed only from our tables: the ledger and the twin keep theirs, as after a failover. */
describe('a repair after commits were lost (failures 25)', () => {
  let test: TestService;
  let database: Database;
  let ledger: EmbeddedWalletLedger;
  let served: LedgerHttpServer;
  let core: HttpWalletLedger;
  beforeAll(async () => {
    test = await startTestService();
    database = new Database(openPool(test.database.url, { name: 'test', max: 4 }));
    ledger = new EmbeddedWalletLedger(database, log);
    served = new LedgerHttpServer(ledger, Buffer.from(SECRET));
    const url = await served.listen();
    core = new HttpWalletLedger(new HttpService(), { url, secret: Buffer.from(SECRET), timeoutMs: 3_000 });
  });
  afterAll(async () => {
    await served.close();
    await database.pool.end();
    await test.stop();
  });

  const sql = <Row>(text: string, values: unknown[] = []) => ask<Row>(test.database.url, text, values);
  const paid = async (code: string) => {
    const { body } = await test.app.scan(code);
    await until('it is paid', async () => (await test.app.confirm(body.payment)).body.status === 'PAID');
    await until('it is acknowledged', async () => (await test.books.order(code)).acknowledged === true);
    return body.payment as { paymentId: string; paymentRequestId: string };
  };
  /** Deletes all rows of it, as if it had never been known. */
  const lose = (paymentId: string) =>
    sql(
      `begin; set local session_replication_role = replica;
       delete from notification_attempt where payment_id = '${paymentId}';
       delete from notification where payment_id = '${paymentId}';
       delete from payment_history where payment_id = '${paymentId}';
       delete from debit where payment_id = '${paymentId}';
       delete from scan where payment_id = '${paymentId}';
       delete from payment_order where payment_id = '${paymentId}'; commit`,
    );
  const window = () => ({ from: new Date(Date.now() - WEEK_MS), to: new Date(Date.now() + 60_000) });
  const later = () => new Date(Date.now() + WEEK_MS);
  const repair = (over: EmbeddedWalletLedger | HttpWalletLedger = core) =>
    new Repair(new RepairStore(database), over);
  const of = (findings: readonly Finding[], id: string) =>
    findings.find(({ paymentRequestId }) => paymentRequestId === id);
  const ORDER = { actor: 'operator:test', reason: 'the primary died' };
  const heldFor = async (id: string) =>
    (
      await sql(
        `select 1 from ledger_movement m where kind = 'DEBIT' and payment_request_id = $1
         and not exists (select from ledger_movement r where r.key = m.key and r.kind = 'REVERSAL')`,
        [id],
      )
    ).length;

  it('agrees where nothing was lost, whoever lists the debits', async () => {
    const { paymentRequestId } = await paid('twin:S#kept');
    for (const over of [core, ledger]) {
      const { findings, notSeen } = await repair(over).look({ ...window(), now: new Date() });
      expect(of(findings, paymentRequestId)).toMatchObject({ verdict: 'agrees', reason: 'PAID' });
      expect(notSeen).toEqual(['what Alipay+ counts as paid: no list was given']);
    }
  });

  it('reads all pages of a ledger that lists more than one', async () => {
    for (let at = 0; at < 230; at += 1) {
      await ledger.debit({
        key: `key-${at}`,
        paymentRequestId: `many-${at}`,
        customerId: 'customer-rich',
        amount: { currency: 'JPY', value: 1n },
        notAfter: later(),
        description: 'one of many',
      });
    }
    const { findings } = await repair().look({ ...window(), now: new Date() });
    expect(findings.filter(({ paymentRequestId }) => paymentRequestId.startsWith('many-'))).toHaveLength(230);
  });

  it('leaves a debit without a record to a person while the list of Alipay+ is missing', async () => {
    const lost = await paid('twin:S#no-list');
    await lose(lost.paymentId);
    const look = await repair().look({ ...window(), now: later() });
    expect(of(look.findings, lost.paymentRequestId)).toMatchObject({
      verdict: 'decide',
      reason: 'NO_RECORD_AND_NO_LIST',
    });
    await repair().putRight(look, ORDER);
    expect(await heldFor(lost.paymentRequestId)).toBe(1);
  });

  it('keeps what Alipay+ counts as paid, and gives the rest back once, when its day is over', async () => {
    const counted = await paid('twin:S#counted');
    const uncounted = await paid('twin:S#uncounted');
    for (const { paymentId } of [counted, uncounted]) await lose(paymentId);
    const paidIds = new Set([counted.paymentRequestId]);
    const early = await repair().look({ ...window(), paid: paidIds, now: new Date() });
    expect(of(early.findings, uncounted.paymentRequestId)).toMatchObject({ reason: 'DAY_NOT_OVER' });

    const fixer = repair();
    const look = await fixer.look({ ...window(), paid: paidIds, now: later() });
    expect(look.notSeen).toEqual([]);
    expect(of(look.findings, counted.paymentRequestId)).toMatchObject({
      reason: 'COUNTED_PAID_WITHOUT_RECORD',
    });
    const done = await fixer.putRight(look, ORDER);
    expect(of(done.findings, uncounted.paymentRequestId)).toMatchObject({
      verdict: 'reverse',
      done: 'given-back',
    });
    expect(await heldFor(uncounted.paymentRequestId)).toBe(0);
    expect(await heldFor(counted.paymentRequestId)).toBe(1);
    // A new scan finds the order over, and nothing is debited.
    const again = await test.app.scan('twin:S#uncounted');
    const { payment } = again.body;
    if (payment !== undefined) {
      await until('it is over', async () => {
        const { body } = await test.app.confirm(payment);
        return body.status !== 'DEBITING';
      });
    }
    expect(await heldFor(uncounted.paymentRequestId)).toBe(0);
    const [kept] = await sql(`select * from repaired_debit where payment_request_id = $1`, [
      uncounted.paymentRequestId,
    ]);
    expect(kept).toMatchObject({
      rule: 'NOT_COUNTED_PAID',
      actor: 'operator:test',
      reason: 'the primary died',
    });
  });

  it('gives back the money of an order that Alipay+ cancelled after it was lost', async () => {
    const lost = await paid('twin:S#cancelled');
    await lose(lost.paymentId);
    await sql(`insert into cancel_request values ($1, null, null, db_now())`, [lost.paymentRequestId]);
    const fixer = repair();
    const done = await fixer.putRight(await fixer.look({ ...window(), now: new Date() }), ORDER);
    expect(of(done.findings, lost.paymentRequestId)).toMatchObject({
      reason: 'CANCELLED',
      done: 'given-back',
    });
    expect(await heldFor(lost.paymentRequestId)).toBe(0);
  });

  it('lets the workers pay a notified order that is open again, with its earlier debit', async () => {
    const lost = await paid('twin:S#open-again');
    await lose(lost.paymentId);
    const again = await test.app.scan('twin:S#open-again');
    const { paymentId } = again.body.payment;
    const fixer = repair();
    const look = await fixer.look({ ...window(), now: new Date() });
    expect(of(look.findings, lost.paymentRequestId)).toMatchObject({
      verdict: 'restore',
      reason: 'TAKEN_AND_OPEN',
    });
    expect(of((await fixer.putRight(look, ORDER)).findings, lost.paymentRequestId)).toMatchObject({
      done: 'asked',
    });
    await until(
      'it is paid',
      async () => (await test.operator.operations(`/payments/${paymentId}`)).body.status === 'PAID',
    );
    expect(await heldFor(lost.paymentRequestId)).toBe(1);
  });

  it('works by key where the ledger lists nothing, and names what it could not check', async () => {
    const lost = await paid('twin:S#by-key');
    await lose(lost.paymentId);
    const other = new (class extends MemoryLedgerServer {
      protected override list() {
        return this.notFound();
      }
    })(SECRET);
    const silent = new HttpWalletLedger(new HttpService(), {
      url: await other.listen(),
      secret: Buffer.from(SECRET),
      timeoutMs: 3_000,
    });
    const byKey = { lookup: (key: string) => core.lookup(key), listDebits: silent.listDebits.bind(silent) };
    const fixer = repair(Object.assign(Object.create(core) as HttpWalletLedger, byKey));
    try {
      const look = await fixer.look({ ...window(), paid: new Set([lost.paymentRequestId]), now: new Date() });
      expect(look.notSeen).toEqual([expect.stringContaining('it does not list them')]);
      expect(of(look.findings, lost.paymentRequestId)).toMatchObject({
        reason: 'COUNTED_PAID_WITHOUT_RECORD',
        ledger: 'debited',
      });
    } finally {
      await other.close();
    }
  });

  it('finishes what an interrupted run had written down', async () => {
    const lost = await paid('twin:S#interrupted');
    const [debit] = await sql<{ debit_id: string }>('select debit_id from debit where payment_id = $1', [
      lost.paymentId,
    ]);
    await lose(lost.paymentId);
    await sql(
      `insert into repaired_debit values ($1, $2, 'NOT_COUNTED_PAID', 'operator:test', 'before', db_now(), null, null)`,
      [debit?.debit_id, lost.paymentRequestId],
    );
    await repair().putRight({ findings: [], notSeen: [] }, ORDER);
    expect(await heldFor(lost.paymentRequestId)).toBe(0);
  });

  it('is a command that changes nothing unless told to', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'repair-'));
    const file = join(folder, 'paid.txt');
    await writeFile(file, 'nobody-knows-this-order\n');
    const from = new Date(Date.now() - WEEK_MS).toISOString();
    const args = ['--from', from, '--to', new Date().toISOString(), '--paid', file, '--json'];
    try {
      const ended = await new Promise<{ code: unknown; out: string }>((done) => {
        const env = { PATH: process.env['PATH'], DATABASE_URL: test.database.url };
        execFile(process.execPath, [resolve('dist/scripts/repair.js'), ...args], { env }, (error, out) =>
          done({ code: error?.code ?? 0, out }),
        );
      });
      expect(ended.code).toBe(3);
      const report = JSON.parse(ended.out);
      expect(report).toMatchObject({ applied: false, ledger: 'embedded', notSeen: [] });
      expect(of(report.findings, 'nobody-knows-this-order')).toMatchObject({
        reason: 'COUNTED_PAID_AND_NOT_TAKEN',
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('a program that calls the ledger', () => {
  const window = ['--from', '2026-03-01T00:00:00Z', '--to', '2026-03-02T00:00:00Z'];
  const env = {
    PATH: process.env['PATH'],
    NODE_ENV: 'production',
    DATABASE_URL: 'postgres://mpp@127.0.0.1:1/mpp',
  };

  it.each(['repair', 'reconcile-check'])('refuses the embedded one in production: %s', async (name) => {
    const program = resolve(`dist/scripts/${name}.js`);
    const refused = await new Promise((done) => {
      execFile(process.execPath, [program, ...window], { env }, (error, out, err) =>
        done({ code: error?.code, out, err }),
      );
    });
    const err = 'WALLET_LEDGER: must be http; production does not use the embedded ledger\n';
    expect(refused).toEqual({ code: 1, out: '', err });
  });
});
