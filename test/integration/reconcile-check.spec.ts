import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Reconcile, type Difference, type ReconcileReport } from '../../src/debit/reconcile/reconcile.js';
import type { PartnerLine } from '../../src/debit/reconcile/reconcile-rules.js';
import { ReconcileStore } from '../../src/payment-order/records/reconcile.store.js';
import { Database } from '../../src/platform/database/database.js';
import { openPool } from '../../src/platform/database/pool.js';
import { EventLog } from '../../src/platform/logging/event-log.js';
import { EmbeddedWalletLedger } from '../../src/wallet-ledger/embedded/embedded-wallet-ledger.js';
import type { WalletLedger } from '../../src/wallet-ledger/wallet-ledger.js';
import { ask } from '../support/database/ask.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(200_000);

const WEEK_MS = 7 * 86_400_000;

interface Paid {
  readonly paymentId: string;
  readonly paymentRequestId: string;
  readonly payToAmount: { readonly currency: string; readonly value: string };
}

describe('our books compared with those of Alipay+ and of the ledger', () => {
  let test: TestService;
  let database: Database;
  let ledger: EmbeddedWalletLedger;
  let folder: string;
  const undo: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    test = await startTestService();
    database = new Database(openPool(test.database.url, { name: 'test', max: 4 }));
    ledger = new EmbeddedWalletLedger(database, new EventLog({ level: 'error' }, { write: () => undefined }));
    folder = await mkdtemp(join(tmpdir(), 'reconcile-'));
  });
  afterAll(async () => {
    for (const step of undo) await step();
    await rm(folder, { recursive: true });
    await database.pool.end();
    await test.stop();
  });

  const sql = <Row>(text: string, values: unknown[] = []) => ask<Row>(test.database.url, text, values);
  /** A change that none of our code would make: the triggers that guard the rows are off. */
  const force = (text: string) => sql(`begin; set local session_replication_role = replica; ${text}; commit`);
  const paid = async (name: string): Promise<Paid> => {
    const { body } = await test.app.scan(`twin:S#${name}`);
    await until('it is paid', async () => (await test.app.confirm(body.payment)).body.status === 'PAID');
    return body.payment as Paid;
  };
  const refunded = async ({ paymentId, paymentRequestId, payToAmount }: Paid, id: string): Promise<void> => {
    await force(
      `insert into refund (refund_id, refund_request_id, payment_request_id, payment_id, status, refund_currency,
         refund_value, back_currency, back_value, content, refund_time, created_at, updated_at)
       values (refund_key('${paymentRequestId}', '${id}'), '${id}', '${paymentRequestId}', '${paymentId}', 'REFUNDED',
         '${payToAmount.currency}', 1, '${payToAmount.currency}', 1, '{}', 'now', db_now(), db_now())`,
    );
  };
  const lineOf = ({ paymentRequestId, payToAmount }: Paid, more: Partial<PartnerLine> = {}): PartnerLine => ({
    line: 1,
    paymentRequestId,
    ...payToAmount,
    status: 'PAID',
    ...more,
  });
  const compare = async (
    lines: readonly PartnerLine[],
    over: WalletLedger = ledger,
  ): Promise<ReconcileReport & { readonly found: string[] }> => {
    const found: Difference[] = [];
    const report = await new Reconcile(new ReconcileStore(database), over).run({
      from: new Date(Date.now() - WEEK_MS),
      to: new Date(Date.now() + 60_000),
      partner: (async function* () {
        yield* lines;
      })(),
      onDifference: (difference) => found.push(difference),
    });
    const words = found.map(({ kind, book, paymentRequestId, refundRequestId = '' }) =>
      [kind, book, nameOf.get(paymentRequestId) ?? paymentRequestId, refundRequestId].join(' ').trim(),
    );
    return { ...report, found: words.toSorted() };
  };
  const nameOf = new Map<string, string>();
  const named = async (name: string): Promise<Paid> => {
    const one = await paid(name);
    nameOf.set(one.paymentRequestId, name);
    return one;
  };
  /** Lines that make the books agree; each test adds to them. */
  const agreeing: PartnerLine[] = [];

  it('agree, page after page, when all three have the same', async () => {
    const [one, other] = [await named('one'), await named('other')];
    await refunded(one, 'refund-1');
    agreeing.push(
      lineOf(one, { paymentId: one.paymentId }),
      lineOf(other),
      lineOf(one, { refundRequestId: 'refund-1', status: 'REFUNDED', value: '1' }),
    );
    const ended = Array.from({ length: 2_500 }, (_, at) =>
      lineOf(one, { paymentRequestId: `never-heard-of-${at}`, status: 'FAILED' }),
    );
    const report = await compare([...ended, ...agreeing]);
    expect(report).toMatchObject({ found: [], differences: {}, notSeen: [] });
    const { totals } = report;
    expect(totals.ourPayments).toEqual(totals.alipayPlusPayments);
    expect(totals.ourRefunds).toEqual(totals.alipayPlusRefunds);
    expect(totals.ourDebits).toEqual(totals.ledgerDebits);
    expect(totals.ourPayments.count).toBe(2);
    expect(totals.ourRefunds.count).toBe(1);
  });

  it('differ from the file in each way that exists', async () => {
    const names = ['amount', 'currency', 'missing', 'cancelled', 'other-id', 'doubled'] as const;
    const made = [];
    for (const name of names) made.push(await named(name));
    const [amount, currency, missing, cancelled, otherId, doubled] = made as [
      Paid,
      Paid,
      Paid,
      Paid,
      Paid,
      Paid,
    ];
    await refunded(missing, 'refund-missing');
    await refunded(missing, 'refund-of-other');
    const report = await compare([
      ...agreeing,
      lineOf(amount, { value: `${amount.payToAmount.value}0` }),
      lineOf(currency, { currency: 'EUR' }),
      lineOf(cancelled, { status: 'CANCELLED' }),
      lineOf(otherId, { paymentId: amount.paymentId }),
      lineOf(doubled),
      lineOf(doubled),
      lineOf(doubled, { paymentRequestId: 'unknown' }),
      lineOf(doubled, { refundRequestId: 'refund-unknown', status: 'REFUNDED' }),
      lineOf(doubled, { refundRequestId: 'refund-of-other', status: 'REFUNDED' }),
    ]);
    expect(report.found).toEqual(
      [
        'AMOUNT alipay-plus amount',
        'CURRENCY alipay-plus currency',
        'DOUBLED alipay-plus doubled',
        'IDS alipay-plus doubled refund-of-other',
        'IDS alipay-plus other-id',
        'ONLY_HERE alipay-plus missing',
        'ONLY_HERE alipay-plus missing refund-missing',
        'ONLY_THERE alipay-plus doubled refund-unknown',
        'ONLY_THERE alipay-plus unknown',
        'STATE alipay-plus cancelled',
      ].toSorted(),
    );
    expect(report.differences).toMatchObject({ DOUBLED: 1, IDS: 2, ONLY_HERE: 2, ONLY_THERE: 2 });
    await force(`delete from refund where payment_id = '${missing.paymentId}'`);
    agreeing.push(...made.map((one) => lineOf(one)));
    expect(await compare(agreeing)).toMatchObject({ found: [] });
  });

  it('differ from the ledger in each way that exists, whether it lists its debits or not', async () => {
    const names = ['more', 'dearer', 'given-back', 'in-doubt', 'other-payer'] as const;
    const made = [];
    for (const name of names) made.push(await named(name));
    const [more, dearer, givenBack, inDoubt, otherPayer] = made as [Paid, Paid, Paid, Paid, Paid];
    agreeing.push(...made.map((one) => lineOf(one)));
    const keyOf = async ({ paymentId }: Paid): Promise<string> => {
      const [row] = await sql<{ key: string }>('select debit_id as key from debit where payment_id = $1', [
        paymentId,
      ]);
      return row?.key ?? '';
    };
    await ledger.debit({
      key: 'a-key-of-nobody',
      paymentRequestId: 'order-of-nobody',
      customerId: 'customer-rich',
      amount: { currency: 'JPY', value: 1n },
      notAfter: new Date(Date.now() + WEEK_MS),
      description: 'nobody knows it',
    });
    await ledger.reverse(await keyOf(givenBack), 'by hand');
    await force(`update debit set debit_id = gen_random_uuid() where payment_id = '${more.paymentId}'`);
    await force(`update debit set value = value + 1 where payment_id = '${dearer.paymentId}'`);
    await force(
      `update debit set status = 'IN_DOUBT', next_attempt_at = db_now() + interval '1 day'
       where payment_id = '${inDoubt.paymentId}'`,
    );
    await force(
      `update payment_order set customer_id = 'somebody' where payment_id = '${otherPayer.paymentId}'`,
    );
    await force(`update debit set customer_id = 'somebody' where payment_id = '${otherPayer.paymentId}'`);
    const known = [
      'AMOUNT ledger dearer',
      'IDS ledger other-payer',
      'ONLY_HERE ledger more',
      'STATE ledger given-back',
      'STATE ledger in-doubt',
    ];
    const listed = await compare(agreeing);
    expect(listed.found).toEqual(
      [...known, 'ONLY_THERE ledger more', 'ONLY_THERE ledger order-of-nobody'].toSorted(),
    );
    expect(listed.notSeen).toEqual([]);

    const mute: WalletLedger = Object.assign(Object.create(ledger) as EmbeddedWalletLedger, {
      listDebits: () => Promise.resolve({ outcome: 'not_offered' as const }),
    });
    const asked = await compare(agreeing, mute);
    expect(asked.found).toEqual(known);
    expect(asked.notSeen).toEqual([expect.stringContaining('it does not list them')]);
    expect(asked.totals.ledgerDebits).toBeUndefined();
  });

  it('are compared by a command that only reads', async () => {
    const reader = `reader_${randomUUID().slice(0, 8)}`;
    await sql(`create role ${reader} login password 'a-password'`);
    undo.push(() => sql(`drop owned by ${reader}; drop role ${reader}`));
    await sql(`grant select on all tables in schema public to ${reader}`);
    const only = (from: string, to: string): string[] => ['--from', from, '--to', to];
    const all = only(
      new Date(Date.now() - WEEK_MS).toISOString(),
      new Date(Date.now() + 60_000).toISOString(),
    );
    const run = async (args: readonly string[]): Promise<{ code: unknown; out: string; err: string }> => {
      const url = Object.assign(new URL(test.database.url), { username: reader, password: 'a-password' });
      const env = { PATH: process.env['PATH'], DATABASE_URL: url.href };
      const program = resolve('dist/scripts/reconcile-check.js');
      return new Promise((done) => {
        execFile(process.execPath, [program, ...args], { env }, (error, out, err) =>
          done({ code: error?.code ?? 0, out, err }),
        );
      });
    };
    const csv = join(folder, 'transactions.csv');
    const rows = agreeing.map(({ paymentRequestId, refundRequestId = '', value, currency, status }) =>
      [paymentRequestId, refundRequestId, value, currency, status, '"1, 2"'].join(','),
    );
    const head = '\ufeffpaymentRequestId,refundRequestId,amount,currency,status,note';
    await writeFile(csv, [head, ...rows, ''].join('\r\n'));
    const jsonl = join(folder, 'transactions.jsonl');
    await writeFile(jsonl, `{"paymentRequestId":"x\\u001b[2J","amount":"5","currency":"JPY"}\n`);
    const broken = join(folder, 'broken.jsonl');
    await writeFile(broken, `{"paymentRequestId":"x","amount":5,"currency":"JPY"}\n`);
    const [differing, empty, unknown, unreadable] = [
      await run([...all, '--transactions', csv, '--json', '--most', '3']),
      await run(only('2020-01-01T00:00:00Z', '2020-01-02T00:00:00Z')),
      await run([...only('2020-01-01T00:00:00Z', '2020-01-02T00:00:00Z'), '--transactions', jsonl]),
      await run([...all, '--transactions', broken]),
    ];
    expect(differing).toMatchObject({ code: 1, err: '' });
    const report = JSON.parse(differing.out);
    expect(report).toMatchObject({
      differences: { AMOUNT: 1, ONLY_HERE: 1, ONLY_THERE: 2, STATE: 2, IDS: 1 },
      leftOut: 4,
    });
    expect(report.list).toHaveLength(3);
    expect(empty).toEqual({ code: 0, out: expect.stringContaining('the books agree'), err: '' });
    expect(unknown.code).toBe(1);
    expect(unknown.out).toMatch(/^ONLY_THERE alipay-plus x.\[2J line 1 ours: unknown, theirs: PAID 5 JPY\n/);
    expect(unknown.out).not.toContain('\u001b');
    expect(unreadable.code).toBe(2);
    expect(unreadable.err).toContain('broken.jsonl:1: amount must be text');
  });
});
