import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainCommand } from '../../scripts/explain.js';
import { findCommand } from '../../scripts/find.js';
import { refundCommand } from '../../scripts/refund.js';
import type { Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';
import { untilNotified } from '../support/service/until-notified.js';

jest.setTimeout(60_000);

let test: TestService;
beforeAll(async () => {
  test = await startTestService({ callsBack: true });
});
afterAll(() => test.stop());

const aPayment = (script: string, customerId?: string): Promise<Json> =>
  test.app.decodedPayment(`${script}#${randomUUID()}`, customerId);
const explain = async (paymentId: string, zone = ''): Promise<Json> => {
  const { status, body } = await test.operator.operations(`/payments/${paymentId}/explain${zone}`);
  expect(status).toBe(200);
  return body;
};
const actsIn = (list: Json[]): string[] => list.map(({ act }) => act);

describe('an explanation', () => {
  it('follows a payment from the scan to the acknowledgement', async () => {
    const payment = await aPayment('twin:S');
    const open = await explain(payment.paymentId, '?zone=Europe/Berlin');
    expect(open).toMatchObject({
      state: { status: 'AWAITING_CONFIRMATION' },
      standing: `The payer was shown ${payment.payAmount.display} and has not confirmed. No money was taken.`,
      mayDo: [{ act: 'close', effect: expect.any(String) }],
      contradictions: [],
    });
    expect(open.next[0]).toMatchObject({
      leadsTo: 'EXPIRED',
      at: payment.expiresAt,
      atLocal: expect.any(String),
    });
    await test.app.confirm(payment);
    await untilNotified(test.operator, payment.paymentId);
    const over = await explain(payment.paymentId);
    expect(over).toMatchObject({
      state: { status: 'PAID', debit: 'DEBITED', notification: 'DELIVERED' },
      mayDo: [],
    });
    expect(over.next).toMatchObject([{ by: 'alipay-plus', leadsTo: 'CANCELLED' }]);
    expect(over.evidence.map(({ source }: Json) => source)).toEqual([
      'scan',
      'payment_history',
      'payment_history',
      'debit',
      'payment_history',
      'notification',
      'notification',
    ]);
  });

  it('names who refused, and that the payer may try again', async () => {
    const payment = await aPayment('twin:S', 'customer-poor');
    await test.app.confirm(payment);
    const { standing, needless } = await explain(payment.paymentId);
    expect(standing).toContain('the ledger refused (INSUFFICIENT_BALANCE)');
    expect(actsIn(needless)).toEqual(['ask-ledger', 'release']);
  });

  it('names the acts that are possible and those that are not, for a result that Alipay+ refused', async () => {
    const payment = await aPayment('twin:S;notify=F.ORDER_NOT_EXIST');
    await test.app.confirm(payment);
    await untilNotified(test.operator, payment.paymentId, 'REJECTED');
    const seen = await explain(payment.paymentId);
    expect(seen.standing).toContain('refused the result (rejected:ORDER_NOT_EXIST)');
    expect(actsIn(seen.mayDo)).toEqual(['redeliver']);
    expect(actsIn(seen.mustNot)).toEqual(['close', 'release', 'refund-by-hand', 'change-rows']);
  });

  it('says that the money is back after a cancel of Alipay+', async () => {
    const payment = await aPayment('twin:S;cancel=afterPaid');
    await test.app.confirm(payment);
    const seen = await until('the money is back', async () => {
      const body = await explain(payment.paymentId);
      return body.state.debit === 'REVERSED' && body;
    });
    expect(seen.standing).toMatch(
      /^Alipay\+ cancelled the order after .* the ledger has given the money back\./,
    );
    expect(actsIn(seen.mustNot)).toContain('refund-by-hand');
  });

  it.each([
    ['/payments/x/explain', 400, 'INVALID_REQUEST'],
    [`/payments/${randomUUID()}/explain`, 404, 'NOT_FOUND'],
  ])('of %s is refused with %i', async (path, status, code) => {
    expect(await test.operator.operations(path)).toMatchObject({ status, body: { code } });
    expect((await test.app.operations(path)).status).toBe(403);
  });
});

describe('the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'command-line-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const tokenFile = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };

  async function told(command: typeof findCommand, words: readonly string[], tokens = test.tokens.operator) {
    const lines = new Array<string>();
    const say = (line: string): void => void lines.push(line);
    const environment = { MPP_API: test.url, MPP_TOKEN_FILE: tokenFile('token', `${tokens}\n`) };
    const code = await command(words, environment, { log: say, error: say });
    return { code, text: lines.join('\n') };
  }

  it("explains a payment by Alipay+'s id, in sentences and as data", async () => {
    const payment = await aPayment('twin:S');
    const { code, text } = await told(explainCommand, [payment.paymentRequestId, '--zone', 'Europe/Berlin']);
    expect(code).toBe(0);
    expect(text).toContain(`${payment.paymentId}  AWAITING_CONFIRMATION  as of `);
    expect(text).toContain('and has not confirmed. No money was taken.');
    expect(text).toMatch(/^Next:\n {2}\d{4}-\d\d-\d\dT[\d:.]+\+0[12]:00 {2}/m);
    expect(text).toMatch(/^You may:\n {2}close: /m);
    const asked = await told(explainCommand, [payment.paymentId, '--json']);
    expect(JSON.parse(asked.text)).toMatchObject({ paymentId: payment.paymentId, contradictions: [] });
  });

  it('finds payments by their facts', async () => {
    const customer = 'customer-rich';
    const payments = [await aPayment('twin:S', customer), await aPayment('twin:S', customer)];
    const { code, text } = await told(findCommand, [
      customer,
      '--status',
      'AWAITING_CONFIRMATION',
      '--limit',
      '1',
    ]);
    expect(code).toBe(0);
    expect(text).toContain(payments[1]?.paymentId);
    expect(text).toMatch(/\nand (about )?\d+ more$/);
    const page = JSON.parse((await told(findCommand, [customer, '--json'])).text);
    expect(page.recognisedAs).toEqual(['customerId']);
  });

  it('gives the state of a refund, by its own id or that of its payment', async () => {
    const payment = await aPayment('twin:S;refund=1JPY');
    expect(await told(refundCommand, [payment.paymentId])).toMatchObject({
      code: 1,
      text: expect.stringContaining('it has no refund'),
    });
    await test.app.confirm(payment);
    const text = await until('the money is back', async () => {
      const answer = await told(refundCommand, [payment.paymentRequestId]);
      return answer.code === 0 && answer.text;
    });
    expect(text).toMatch(/ {2}REFUNDED .* asked for at 2/);
    expect(text).toContain('Alipay+ was told S.');
    const [key = ''] = /(?<=key at the ledger: )\S+/.exec(text) ?? [];
    const { code, text: json } = await told(refundCommand, [key, '--json']);
    expect(code).toBe(0);
    const { refundRequestId } = JSON.parse(json).refunds[0];
    const byAlipayPlus = await told(refundCommand, [refundRequestId, '--zone', 'Europe/Berlin']);
    expect(byAlipayPlus).toEqual({ code: 0, text: expect.stringMatching(/as of \S+\+0[12]:00/) });
    expect(await told(refundCommand, [randomUUID()])).toEqual({ code: 1, text: 'nothing here has this id' });
  });

  it('refuses what it cannot do, in a sentence and with a code', async () => {
    const missing = await told(explainCommand, [randomUUID()]);
    expect(missing).toEqual({ code: 1, text: 'nothing here has this id' });
    expect(await told(findCommand, [randomUUID()])).toEqual(missing);
    expect((await told(explainCommand, ['customer-rich'])).text).toMatch(/^more than one payment/);
    const wallet = await told(findCommand, ['x'], test.tokens.walletApp);
    expect(wallet).toEqual({ code: 1, text: expect.stringMatching(/^403 [A-Z_]+: /) });
    expect((await told(explainCommand, ['x', '--zone', 'Nowhere/Here'])).code).toBe(1);
    expect((await told(findCommand, ['x', '--api', 'ftp://x'])).code).toBe(2);
    expect((await told(findCommand, ['x', '--token-file', '/no/such/file'])).code).toBe(2);
    const empty = tokenFile('empty', '\n');
    expect((await told(findCommand, ['x', '--token-file', empty])).code).toBe(2);
    const away = await told(findCommand, ['x', '--api', 'http://127.0.0.1:1']);
    expect(away).toEqual({ code: 1, text: expect.stringContaining('fetch failed') });
  });
});
