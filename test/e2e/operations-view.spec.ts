import { randomUUID } from 'node:crypto';
import type { Json } from '../support/service/api-client.js';
import { ask } from '../support/database/ask.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { untilNotified } from '../support/service/until-notified.js';

jest.setTimeout(60_000);

let test: TestService;
beforeAll(async () => {
  test = await startTestService({ callsBack: true });
});
afterAll(() => test.stop());

const CONVERTED = 'twin:U,S;pay=1000JPY;payTo=8518HKD;rate=8.5614;promo=5JPY;surcharge=8916HKD;notify=U,S';

async function paid(code: string): Promise<Json> {
  const payment = await test.app.decodedPayment(code);
  expect((await test.app.confirm(payment)).body.status).toBe('PAID');
  await untilNotified(test.operator, payment.paymentId);
  return payment;
}

/** Keyed with the key of the installation, which nobody outside has. */
async function codeHashOf(paymentId: string): Promise<string> {
  const rows = await ask<{ hash: string }>(
    test.database.url,
    `select encode(code_hash, 'hex') as hash from scan where payment_id = $1`,
    [paymentId],
  );
  return rows[0]?.hash ?? '';
}

describe("the operators' view of one payment", () => {
  it('has one timeline of everything that happened, amounts for people and every time on three clocks', async () => {
    const code = `${CONVERTED}#${randomUUID()}`;
    const { paymentId, paymentRequestId } = await paid(code);
    await test.books.inquire(paymentRequestId);
    const { body } = await test.operator.operations(`/payments/${paymentId}?zone=Asia/Kathmandu`);
    expect(body).toMatchObject({
      paymentId,
      zone: 'Asia/Kathmandu',
      status: 'PAID',
      merchant: { name: expect.any(String) },
      payAmount: { currency: 'HKD', value: '8916', display: 'HK$89.16' },
      payToAmount: { display: 'HK$85.18' },
      paymentAmount: { currency: 'JPY', value: '995', display: '¥995' },
      debits: [{ status: 'DEBITED', amount: { value: '8916', display: 'HK$89.16' }, sequence: 1 }],
      notification: { status: 'DELIVERED', tries: 2, alarms: [] },
      scans: [{ codeSha256: await codeHashOf(paymentId) }],
      acts: [],
    });
    expect(body.timeline.map(({ what }: Json) => what)).toEqual([
      'SCANNED',
      'ASKED_ALIPAY_PLUS',
      'ASKED_ALIPAY_PLUS',
      'DECODED',
      'CONFIRMED',
      'DEBITED',
      'NOTIFIED',
      'NOTIFIED',
      'INQUIRED',
    ]);
    expect(body.timeline.at(-1)).toMatchObject({ paymentStatus: 'S', paymentCode: 'SUCCESS' });
    for (const event of [
      ...body.timeline,
      { at: body.createdAt, atUtc8: body.createdAtUtc8, atLocal: body.createdAtLocal },
    ]) {
      expect(event.atUtc8).toMatch(/\+08:00$/);
      expect(event.atLocal).toMatch(/\+05:45$/);
      expect(Date.parse(event.atUtc8)).toBe(Date.parse(event.at));
      expect(Date.parse(event.atLocal)).toBe(Date.parse(event.at));
    }
  });

  it('shows messages only to a token that may read them, and the code to nobody', async () => {
    const code = `twin:S;set=passThroughInfo:${encodeURIComponent(JSON.stringify('{"seat":"4<b>2</b>"}'))}#${randomUUID()}`;
    const { paymentId, paymentRequestId } = await paid(code);
    await test.books.inquire(paymentRequestId);
    const path = `/payments/${paymentId}`;
    const [operator, auditor] = [await test.operator.operations(path), await test.auditor.operations(path)];
    const messagesIn = ({ body }: Json): Json[] =>
      body.timeline
        .filter(({ messages }: Json) => messages)
        .map(({ what, messages }: Json) => [what, messages]);
    expect(messagesIn(operator)).toEqual(
      ['ASKED_ALIPAY_PLUS', 'NOTIFIED', 'INQUIRED'].map((what) => [what, { withheld: 'payments:raw' }]),
    );
    const [asked, notified, inquired] = messagesIn(auditor).map(([, messages]) => messages);
    expect(asked).not.toHaveProperty('request'); // it is deleted when the scan has ended
    expect(asked.answer).toContain('4<b>2</b>');
    expect(asked.answer).not.toContain('twin:S;set');
    expect(JSON.parse(notified.request)).toMatchObject({
      paymentRequestId,
      paymentResult: { resultStatus: 'S' },
    });
    expect(notified.answer).toContain('"resultStatus":"S"');
    expect(JSON.parse(inquired.request)).toMatchObject({ paymentRequestId });
    expect(JSON.parse(inquired.answer)).toMatchObject({ paymentResult: { resultStatus: 'S' } });
    for (const { text, headers } of [operator, auditor]) {
      expect(text).not.toContain(code);
      expect(headers.get('content-type')).toContain('application/json');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
    const shown = test.log
      .map((line) => JSON.parse(line))
      .filter(({ event }) => event === 'operations.messages_shown');
    expect(shown).toMatchObject([
      { paymentId, actor: 'operator:auditor', application: 'auditor', address: '127.0.0.1', repeated: false },
    ]);
  });

  it.each([
    ['/payments/no-uuid', 'paymentId'],
    [`/payments/${encodeURIComponent("' or 1=1 --")}`, 'paymentId'],
    [`/payments/${encodeURIComponent('<script>alert(1)</script>')}`, 'paymentId'],
    [`/payments/${randomUUID()}?zone=Mars/Olympus`, 'zone'],
    [`/payments/${randomUUID()}?zone=%2B08:00`, 'zone'],
    [`/payments/${randomUUID()}?zone=${encodeURIComponent("UTC'; select 1")}`, 'zone'],
    [`/payments/${randomUUID()}?zone=UTC&zone=UTC`, 'zone'],
    [`/payments/${randomUUID()}?timezone=UTC`, 'timezone'],
  ])('refuses %s and names the field', async (path, field) => {
    const answer = await test.operator.operations(path);
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST', errors: [{ field }] } });
    expect(answer.text).not.toMatch(/<script|or 1=1|select 1/);
  });

  it('has the notes of operators, each once, also in its timeline', async () => {
    const { paymentId } = await paid(`twin:S#${randomUUID()}`);
    const path = `/v1/operations/payments/${paymentId}/notes`;
    const note = { text: 'The payer called.\nTicket 4711 👍', noteId: randomUUID() };
    const kept = await test.operator.send('POST', path, note);
    expect(kept).toMatchObject({ status: 201, body: { ...note, actor: 'operator:operator' } });
    expect(kept.headers.get('location')).toBe(`/v1/operations/payments/${paymentId}`);
    const again = await test.operator.send('POST', path, { ...note, noteId: note.noteId.toUpperCase() });
    expect([again.status, again.body]).toEqual([200, kept.body]);
    expect(await test.operator.send('POST', path, { ...note, text: 'Nobody called.' })).toMatchObject({
      status: 409,
      body: { code: 'NOTE_DIFFERS' },
    });
    expect(await test.operator.send('POST', path, { text: note.text })).toMatchObject({ status: 201 });
    const { body } = await test.operator.operations(`/payments/${paymentId}`);
    expect(body.notes).toHaveLength(2);
    expect(body.notes[1]).toEqual(kept.body);
    expect(body.timeline.slice(-2)).toMatchObject([
      { what: 'NOTED', noteId: note.noteId, text: note.text, actor: 'operator:operator' },
      { what: 'NOTED', text: note.text },
    ]);
    expect(test.log.join('')).toContain('operator.noted');
    expect(test.log.join('')).not.toContain('Ticket 4711');
  });

  it.each([
    ['nothing', {}],
    ['an empty text', { text: '' }],
    ['blanks', { text: ' \n\t ' }],
    ['201 characters', { text: '東'.repeat(201) }],
    ['a NUL', { text: 'a\u0000b' }],
    ['half a character', { text: 'a\ud800b' }],
    ['a number', { text: 4711 }],
    ['an id that is none', { text: 'x', noteId: '4711' }],
    ['a field too many', { text: 'x', at: '2026-03-01T00:00:00Z' }],
  ])('saves no note of %s', async (_what, body) => {
    const { paymentId } = await test.app.decodedPayment(`twin:S#${randomUUID()}`);
    const path = `/v1/operations/payments/${paymentId}/notes`;
    expect(await test.operator.send('POST', path, body)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_REQUEST' },
    });
    expect((await test.operator.operations(`/payments/${paymentId}`)).body.notes).toEqual([]);
  });

  it('accepts a note of the maximal length, from operators only', async () => {
    const { paymentId } = await test.app.decodedPayment(`twin:S#${randomUUID()}`);
    const path = `/v1/operations/payments/${paymentId}/notes`;
    const body = { text: '👍'.repeat(200) };
    expect((await test.operator.send('POST', path, body)).status).toBe(201);
    expect((await test.app.send('POST', path, body)).status).toBe(403);
    const unknown = `/v1/operations/payments/${randomUUID()}/notes`;
    expect((await test.operator.send('POST', unknown, body)).status).toBe(404);
  });

  it('of an unknown payment is not found', async () => {
    expect(await test.auditor.operations(`/payments/${randomUUID()}?zone=UTC`)).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND' },
    });
  });
});
