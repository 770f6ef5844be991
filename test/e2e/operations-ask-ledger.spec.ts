import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from '../support/database/ask.js';
import { SilentLedgerServer } from '../support/ledgers/silent-ledger-server.js';
import type { Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(60_000);

const SECRET = randomUUID();

let folder: string;
let ledger: SilentLedgerServer;
let test: TestService;
/** A confirm waits while the ledger is silent; the tests do not wait for it. */
const confirms: Promise<unknown>[] = [];
/** Only an API: nothing asks the ledger but operators and payers. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ask-ledger-'));
  writeFileSync(join(folder, 'secret'), SECRET);
  ledger = new SilentLedgerServer(SECRET);
  test = await startTestService({
    callsBack: true,
    environment: {
      ROLE: 'api',
      WALLET_LEDGER: 'http',
      WALLET_LEDGER_URL: await ledger.listen(),
      WALLET_LEDGER_SECRET_FILE: join(folder, 'secret'),
    },
  });
});
afterEach(() => {
  ledger.isSilent = false;
  ledger.isDeaf = false;
});
afterAll(async () => {
  await Promise.all(confirms);
  await test.stop();
  await ledger.close();
  await rm(folder, { recursive: true });
});

const confirmed = async (): Promise<string> => {
  const code = `twin:S;pay=10HKD;payTo=10HKD#${randomUUID()}`;
  const payment = await test.app.decodedPayment(code, 'rich');
  confirms.push(test.app.confirm(payment));
  await until('the ledger was asked', async () => {
    const { body } = await test.operator.operations(`/payments/${payment.paymentId}/explain`);
    return body.state.debit !== undefined && body.state.debit !== 'INTENDED';
  });
  return payment.paymentId;
};
const askLedger = (paymentId: string, body: object = {}) =>
  test.operator.send('POST', `/v1/operations/payments/${paymentId}/acts/ask-ledger`, {
    reason: 'waiting',
    ...body,
  });
const actsOf = async (paymentId: string): Promise<string[]> => {
  const { body } = await test.operator.operations(`/payments/${paymentId}`);
  return body.acts.map(({ outcome }: Json) => outcome).toReversed();
};

describe('asking the ledger now', () => {
  it('about money that it took without an answer settles the payment as paid, and takes it once', async () => {
    ledger.isSilent = true;
    const paymentId = await confirmed();
    const silent = await askLedger(paymentId);
    expect(silent).toMatchObject({
      status: 200,
      body: {
        changed: false,
        cause: 'LEDGER_STILL_SILENT',
        why: 'The ledger was asked and did not say (http_status_503). It is asked again by itself.',
        before: { status: 'DEBITING', debit: 'IN_DOUBT' },
        after: { status: 'DEBITING', debit: 'IN_DOUBT' },
      },
    });
    ledger.isSilent = false;
    const asked = await askLedger(paymentId);
    expect(asked.body).toMatchObject({
      changed: true,
      after: { status: 'PAID', debit: 'DEBITED', notification: 'PENDING' },
    });
    const settled = test.log
      .map((line) => JSON.parse(line))
      .find((one) => one.event === 'debit.settled' && one.paymentId === paymentId);
    expect(settled.requestId).toBe(asked.headers.get('x-request-id'));
    expect((await askLedger(paymentId)).body).toMatchObject({ changed: false, cause: 'LEDGER_HAS_SAID' });
    expect(await actsOf(paymentId)).toEqual(['ASKED', 'UNCHANGED', 'ASKED', 'DONE', 'UNCHANGED']);
    const { body } = await test.operator.operations(`/payments/${paymentId}`);
    expect(body.debits).toHaveLength(1);
  });

  it('about a debit that it never got sends that debit under the same key', async () => {
    ledger.isDeaf = true;
    const paymentId = await confirmed();
    ledger.isDeaf = false;
    const before = ledger.calls;
    expect((await askLedger(paymentId, { dryRun: true })).body).toMatchObject({
      dryRun: true,
      changed: false,
    });
    expect(ledger.calls).toBe(before);
    expect((await askLedger(paymentId)).body).toMatchObject({ changed: true, after: { status: 'PAID' } });
    expect(ledger.calls).toBe(before + 2);
  });

  it('to give back a cancelled payment gives it back once', async () => {
    const paymentId = await confirmed();
    const { body } = await test.operator.operations(`/payments/${paymentId}`);
    await test.books.cancel(body.paymentRequestId);
    ledger.isSilent = true;
    expect((await askLedger(paymentId)).body).toMatchObject({
      changed: false,
      cause: 'LEDGER_STILL_SILENT',
      before: { status: 'CANCELLED', debit: 'REVERSING' },
    });
    ledger.isSilent = false;
    expect((await askLedger(paymentId)).body).toMatchObject({ changed: true, after: { debit: 'REVERSED' } });
    expect((await askLedger(paymentId)).body).toMatchObject({ changed: false, cause: 'LEDGER_HAS_SAID' });
  });

  it('while another process is asking changes nothing and says so', async () => {
    ledger.isDeaf = true;
    const paymentId = await confirmed();
    ledger.isDeaf = false;
    const taken = `update debit set lease_until = db_now() + interval '1 minute' where payment_id = $1`;
    await ask(test.database.url, taken, [paymentId]);
    const before = ledger.calls;
    expect((await askLedger(paymentId)).body).toMatchObject({ changed: false, cause: 'IN_HAND' });
    expect(ledger.calls).toBe(before);
    const { body } = await test.operator.operations(`/payments/${paymentId}/explain`);
    expect(body.standing).toContain('has not said');
  });

  it('is refused where nobody confirmed, and while the ledger may have the money nothing is closed', async () => {
    const open = await test.app.decodedPayment(`twin:S#${randomUUID()}`, 'rich');
    expect(await askLedger(open.paymentId)).toMatchObject({ status: 409, body: { cause: 'NOTHING_TO_ASK' } });
    ledger.isDeaf = true;
    const paymentId = await confirmed();
    const close = await test.operator.send('POST', `/v1/operations/payments/${paymentId}/acts/close`, {
      reason: 'x',
    });
    expect(close).toMatchObject({ status: 409, body: { cause: 'DEBITING' } });
  });
});
