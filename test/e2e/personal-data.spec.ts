import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainCommand } from '../../scripts/explain.js';
import { findCommand } from '../../scripts/find.js';
import { refundCommand } from '../../scripts/refund.js';
import { fullAnswer } from '../../src/alipay-plus/spec-support/full-answer.js';
import {
  BOUNDLESS,
  startAnsweredService,
  type AnsweredService,
} from '../support/answering/answered-service.js';
import { ConsoleClient } from '../support/browser/console-client.js';
import { ask } from '../support/database/ask.js';
import type { ApiAnswer, Json } from '../support/service/api-client.js';
import { EventEndpoint } from '../support/service/event-endpoint.js';
import { signedCall } from '../support/service/signed-call.js';
import { testKeys } from '../support/service/test-keys.js';
import { until } from '../support/service/until.js';

jest.setTimeout(60_000);

/** The field of each canary, by its value. */
const planted = new Map<string, string>();

function canary(where: string): string {
  const value = `cn${planted.size}x${randomBytes(5).toString('hex')}`;
  planted.set(value, where);
  return value;
}

/** Values from the documents, or of a fixed form: neither is private. */
const PUBLIC =
  /^(result|acquirerId|pspId|codeType|paymentRequestId|payment(Amount|Quote|NotifyUrl|ExpiryTime|Factor|PromoInfo)|payToAmount|surchargeInfo)|[aA]mount|MCC|merchantRegisterDate|region|actionType|^order\.(referenceOrderId|merchant\.(referenceMerchantId|merchantName|merchantDisplayName))$/;

/** A copy with a canary in every text that is not public. */
function withCanaries<Value>(value: Value, path = ''): Value {
  if (PUBLIC.test(path)) return value;
  if (typeof value === 'string') return canary(`answer.${path}`) as Value; // a text for a text
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => withCanaries(each, `${path}[]`)) as Value; // part by part
  const entries = Object.entries(value).map(([name, part]) => [
    name,
    withCanaries<unknown>(part, path === '' ? name : `${path}.${name}`),
  ]);
  return Object.fromEntries(entries) as Value; // part by part
}

/** The fields whose canaries are in a text, plainly or as a dump writes bytes. */
function foundIn(text: string): string[] {
  return [...planted].flatMap(([value, where]) => {
    const bytes = Buffer.from(value);
    return [value, bytes.toString('hex')].some((form) => text.includes(form)) ? [where] : [];
  });
}

describe('personal data, with a canary in every field of a scan, a confirm, an answer and a call', () => {
  let test: AnsweredService;
  let endpoint: EventEndpoint;
  let payment: Json;
  let confirmed: ApiAnswer;
  const folder = mkdtempSync(join(tmpdir(), 'canaries-'));

  beforeAll(async () => {
    endpoint = await EventEndpoint.start();
    test = await startAnsweredService({
      DATA_KEYS_FILE: testKeys().dataKeysFile,
      SUPPORTED_FLAGS: 'needOtpVerification',
      EVENTS_ENDPOINTS_FILE: endpoint.file,
    });
    const plain = fullAnswer(1);
    const answer = {
      ...withCanaries(plain),
      paymentRequestId: randomUUID(),
      paymentExpiryTime: new Date(Date.now() + 600_000).toISOString(),
      paymentNotifyUrl: `${test.alipayPlus.url}/aps/api/v1/payments/notifyPayment`,
      paymentQuote: { ...plain.paymentQuote, quoteExpiryTime: new Date(Date.now() + 600_000).toISOString() },
      paymentFactor: { ...plain.paymentFactor, needOtpVerification: 'true', needSurcharge: 'false' },
    };
    const { surchargeInfo: _surcharge, ...rest } = answer;
    const codeValue = `https://qr.example/${canary('scan.codeValue')}`;
    test.alipayPlus.answer(codeValue, { body: Buffer.from(JSON.stringify(rest)) });
    const scanned = await test.app.scan(codeValue, BOUNDLESS, {
      passThroughInfo: canary('scan.passThroughInfo'),
      indirectMpp: {
        indirectMppId: canary('scan.indirectMppId'),
        indirectMppName: canary('scan.indirectMppName'),
      },
    });
    payment = scanned.body.payment;
    confirmed = await test.app.confirm(payment, { proofs: { otp: canary('confirm.otp') } });
    await test.operator.send('POST', `/v1/operations/payments/${payment.paymentId}/notes`, {
      text: canary('note.text'),
    });
    const inquiry = { acquirerId: '1', pspId: '2', paymentRequestId: payment.paymentRequestId };
    await signedCall(test, {
      target: '/aps/api/v1/payments/inquiryPayment',
      body: Buffer.from(JSON.stringify({ ...inquiry, extra: canary('inquiry.extra') })),
    });
    await until('the result is acknowledged and the events are told', async () => {
      const [left] = await ask<{ count: number }>(
        test.database.url,
        `select (select count(*) from notification where status <> 'DELIVERED')::int
           + (select count(*) from event_delivery where status <> 'DELIVERED')::int
           + (select count(*) from wallet_event where spread_at is null)::int as count`,
      );
      return left?.count === 0 && endpoint.told.length > 0;
    });
  });
  afterAll(async () => {
    await test.stop();
    await endpoint.stop();
    rmSync(folder, { recursive: true });
  });

  it('was used: the payer, the wallet and an auditor see their parts of it', async () => {
    expect(confirmed.body.status).toBe('PAID');
    expect(foundIn(JSON.stringify(payment))).toContain('answer.order.orderDescription');
    expect(foundIn(JSON.stringify(endpoint.told))).toContain('answer.order.orderDescription');
    const raw = foundIn((await test.auditor.operations(`/payments/${payment.paymentId}`)).text);
    expect(raw).toEqual(
      expect.arrayContaining([
        'note.text',
        'answer.order.buyer.buyerEmail',
        'answer.order.shipping.shippingAddress.city',
      ]),
    );
    expect(raw).not.toContain('scan.codeValue');
    expect(planted.size).toBeGreaterThan(50);
  });

  it('is in no table and no queue except the embedded ledger, which is for trials', async () => {
    const tables = await ask<{ name: string }>(
      test.database.url,
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    expect(tables.length).toBeGreaterThan(30);
    const found: Record<string, string[]> = {};
    for (const { name } of tables) {
      const rows = await ask<{ row: string }>(test.database.url, `select r::text as row from ${name} r`);
      const seen = foundIn(rows.map(({ row }) => row).join('\n'));
      if (seen.length > 0) found[name] = seen;
    }
    expect(found).toEqual({ 'public.ledger_movement': ['answer.order.orderDescription'] });
  });

  it('is in no log and no metric', async () => {
    expect(test.log.join('')).toContain(payment.paymentId);
    expect(foundIn(test.log.join(''))).toEqual([]);
    expect(foundIn(await (await fetch(`${test.url}/metrics`)).text())).toEqual([]);
  });

  it('is not shown to an operator who may not read messages, except the goods and the merchant', async () => {
    const client = new ConsoleClient(test.url);
    await client.signIn(test.tokens.operator);
    const pages = [
      await client.get(`/console/payments/${payment.paymentId}`),
      await client.get('/console/payments?currency=HKD'),
    ];
    expect(pages.map(({ status }) => status)).toEqual([200, 200]);
    const shown = [
      (await test.operator.operations(`/payments/${payment.paymentId}`)).text,
      (await test.operator.operations('/payments?limit=10')).text,
      ...pages.map(({ text }) => text),
    ];
    const allowed = /^(note\.text|answer\.order\.(orderDescription|goods\[\]\.goodsName|merchant\.))/;
    expect(shown.join('')).toContain(payment.paymentRequestId);
    expect(shown.flatMap(foundIn).filter((where) => !allowed.test(where))).toEqual([]);
  });

  const MERCHANT = /^answer\.order\.merchant\./;

  it('is in no export and no output of the command line, except the goods and the merchant', async () => {
    const environment = { MPP_API: test.url, MPP_TOKEN_FILE: join(folder, 'token') };
    writeFileSync(environment.MPP_TOKEN_FILE, test.tokens.operator);
    const told = new Array<string>();
    const output = {
      log: (line: string) => void told.push(line),
      error: (line: string) => void told.push(line),
    };
    for (const command of [findCommand, explainCommand, refundCommand])
      for (const words of [[], ['--json']]) await command([payment.paymentId, ...words], environment, output);
    const { text } = await test.operator.operations('/payments.csv');
    expect(told).toHaveLength(6);
    expect([...told, text].every((each) => each.includes(payment.paymentId))).toBe(true);
    expect([...told, text].flatMap(foundIn).filter((where) => !MERCHANT.test(where))).toEqual([]);
  });

  it('is repeated by no refusal, and by no log line about one', async () => {
    const confirm = `/v1/payments/${payment.paymentId}/confirm`;
    const refusals = [
      await test.app.scan(canary('refused.codeValue'), 'x'.repeat(65)),
      await test.app.scan('', canary('refused.customerId')),
      await test.app.send('POST', '/v1/scans', { codeValue: { nested: canary('refused.nested') } }),
      await test.app.send('POST', '/v1/scans', `{"codeValue":"${canary('refused.broken')}`),
      await test.app.send('POST', '/v1/scans', canary('refused.noJson'), { 'content-type': 'text/plain' }),
      await test.app.send('POST', confirm, { payAmount: canary('refused.payAmount') }),
      await test.app.confirm(payment, { proofs: { otp: [canary('refused.otp')] } }),
      await test.operator.operations(`/payments?q=${canary('refused.q')}&limit=none`),
      await test.operator.operations(`/payments/${canary('refused.paymentId')}`),
      await test.app.raw('/v1/scans', { headers: { authorization: `Bearer ${canary('refused.token')}` } }),
      await test.app.raw(`/v1/scans/${canary('refused.scanId')}`, {}),
    ];
    await signedCall(test, {
      target: '/aps/api/v1/payments/refund',
      body: Buffer.from(JSON.stringify({ refundRequestId: 7, extra: canary('refused.refund') })),
    });
    expect(refusals.filter(({ status }) => status < 400).map(({ text }) => text)).toEqual([]);
    expect(refusals.flatMap(({ text }) => foundIn(text))).toEqual([]);
    expect(foundIn(test.log.join(''))).toEqual([]);
  });
});
