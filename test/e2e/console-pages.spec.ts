import { randomUUID } from 'node:crypto';
import { ConsoleClient, csrfIn, type ConsoleAnswer } from '../support/browser/console-client.js';
import type { Json } from '../support/service/api-client.js';
import { park, parkable } from '../support/service/parked-payment.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';
import { untilNotified } from '../support/service/until-notified.js';

jest.setTimeout(60_000);

let test: TestService;
let client: ConsoleClient;
beforeAll(async () => {
  test = await startTestService({ environment: { AMOUNT_CHECK: 'reject' } });
  await parkable(test);
  client = await signedIn(test.tokens.operator);
});
afterAll(() => test.stop());

const FITS_NOT = 'twin:S;pay=1000JPY;payTo=1HKD;rate=8.5614';

const signedIn = async (token: string): Promise<ConsoleClient> => {
  const console = new ConsoleClient(test.url);
  expect((await console.signIn(token)).status).toBe(303);
  return console;
};
const aPayment = async (script = 'twin:S'): Promise<string> =>
  (await test.app.decodedPayment(`${script}#${randomUUID()}`)).paymentId;
const paid = async (): Promise<string> => {
  const payment = await test.app.decodedPayment(`twin:S#${randomUUID()}`);
  expect((await test.app.confirm(payment)).body.status).toBe('PAID');
  await untilNotified(test.operator, payment.paymentId);
  return payment.paymentId;
};
const view = async (paymentId: string): Promise<Json> =>
  (await test.operator.operations(`/payments/${paymentId}`)).body;
const actPath = (paymentId: string, act: string): string => `/console/payments/${paymentId}/acts/${act}`;
const act = (paymentId: string, name: string, reason = 'ticket 4711'): Promise<ConsoleAnswer> =>
  client.post(actPath(paymentId, name), { reason }, '/console/help');
const shown = async (path: string, by = client): Promise<string> => text((await by.get(path)).text);

/** The text of a page, each run of white space as one blank. */
const text = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ');

describe('an act', () => {
  it('is explained beforehand, asks for a reason, is reported once afterwards, and is recorded', async () => {
    const paymentId = await aPayment();
    expect(await shown(actPath(paymentId, 'close'))).toContain('Alipay+ is sent F ORDER_IS_CLOSED');
    const done = await act(paymentId, 'close');
    const page = `/console/payments/${paymentId}`;
    expect(done).toMatchObject({ status: 303, location: page });
    // An automatic refresh does not use up the message about the outcome.
    await client.get(page, { 'hx-request': 'true' });
    expect(await shown(page)).toContain('Close the order: done.');
    expect(await shown(page)).not.toContain('Close the order: done.');
    const { status, acts } = await view(paymentId);
    expect(status).toBe('CANCELLED');
    expect(acts).toMatchObject([
      { act: 'close', actor: 'operator:operator', reason: 'ticket 4711', outcome: 'DONE' },
    ]);
  });

  it('changes nothing a second time, and says why', async () => {
    const paymentId = await aPayment();
    await act(paymentId, 'close');
    await act(paymentId, 'close');
    expect(await shown(`/console/payments/${paymentId}`)).toContain(
      'Close the order: nothing was changed. The order has ended already',
    );
  });

  it.each([
    ['close', 'The payer has paid. Only Alipay+ undoes a payment'],
    ['release', 'Only an order that is held can be released'],
    ['redeliver', 'Alipay+ has acknowledged the result'],
    ['ask-ledger', 'The ledger has answered already'],
  ])(
    '%s of a paid order has no button, and changes nothing when its form is sent anyway',
    async (name, why) => {
      const paymentId = await paid();
      const before = await view(paymentId);
      const page = await client.get(actPath(paymentId, name));
      expect(text(page.text)).toContain(why);
      expect(page.text).not.toContain('name="reason"');
      await act(paymentId, name);
      expect(await shown(`/console/payments/${paymentId}`)).toContain(`nothing was changed. ${why}`);
      const after = await view(paymentId);
      expect([after.status, after.debits, after.notification]).toEqual([
        before.status,
        before.debits,
        before.notification,
      ]);
    },
  );

  it('releases a held order, and resends a parked result', async () => {
    const held = await aPayment(FITS_NOT);
    await act(held, 'release', 'the rate was agreed by telephone');
    expect((await view(held)).status).toBe('AWAITING_CONFIRMATION');
    const parked = await park(test);
    await act(parked, 'redeliver');
    await untilNotified(test.operator, parked);
  });

  it.each(['', '   ', 'x'.repeat(201)])(
    'is not done without a reason of a reasonable length',
    async (reason) => {
      const paymentId = await aPayment();
      const answer = await client.post(actPath(paymentId, 'close'), { reason });
      expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('at most 200 characters') });
      expect((await view(paymentId)).status).toBe('AWAITING_CONFIRMATION');
    },
  );

  it('is not done for a form of another site, without a session, or of another session', async () => {
    const paymentId = await aPayment();
    const path = actPath(paymentId, 'close');
    const reason = 'because';
    const others = csrfIn((await (await signedIn(test.tokens.operator)).get(path)).text);
    expect((await client.postRaw(path, { reason })).status).toBe(403);
    expect((await client.postRaw(path, { reason, csrf: others })).status).toBe(403);
    expect((await new ConsoleClient(test.url).postRaw(path, { reason })).status).toBe(303);
    expect((await view(paymentId)).status).toBe('AWAITING_CONFIRMATION');
  });

  it('is not found when it, or its payment, does not exist', async () => {
    const paymentId = await aPayment();
    expect((await client.get(actPath(paymentId, 'pay-twice'))).status).toBe(404);
    expect((await act(paymentId, 'pay-twice')).status).toBe(404);
    expect((await client.get(actPath(randomUUID(), 'close'))).status).toBe(404);
    expect((await act(randomUUID(), 'close')).status).toBe(404);
    expect((await client.get('/console/payments/1234')).status).toBe(404);
  });
});

describe('the overview', () => {
  it('shows what needs attention, and leads to the payments behind each error', async () => {
    const paymentId = await park(test);
    const code = `twin:F.EXPIRED_CODE#${randomUUID()}`;
    expect((await test.app.scan(code)).status).toBe(422);
    const page = await client.get('/console/overview');
    expect(text(page.text)).toMatch(/things? needs? attention/);
    expect(text(page.text)).toMatch(/Results parked: \d+\. Resend them\. Show them/);
    expect(page.text).toContain('href="/console/payments?notificationStatus=PARKED"');
    const address = '/console/errors?kind=scan&code=EXPIRED_CODE';
    await until('the figures are counted anew', async () =>
      (await client.get('/console/overview')).text.includes(`href="${address.replace('&', '&amp;')}"`),
    );
    const { body } = await test.operator.operations(`/scans?q=${encodeURIComponent(code)}`);
    expect((await client.get(address)).text).toContain(`href="/console/payments?q=${body.scans[0].scanId}"`);
    expect(await shown(`/console/payments/${paymentId}`)).toContain('NOTIFICATION_PARKED');
  });
});

describe('a list', () => {
  it('is found by the key of a debit, and exported with its filters, amounts in major units', async () => {
    const paymentId = await paid();
    const [{ debitId }] = (await view(paymentId)).debits;
    expect(await client.get(`/console/payments?q=${debitId}`)).toMatchObject({
      location: `/console/payments/${paymentId}`,
    });
    const wanted = 'status=PAID&currency=HKD&from-amount=85.61&to-amount=85.61';
    expect((await client.get(`/console/payments?${wanted}`)).text).toContain(paymentId);
    const file = await client.get(`/console/payments.csv?${wanted}`);
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="payments.csv"');
    expect(file.text).toMatch(new RegExp(`^paymentId,.*${paymentId}`, 's'));
    expect((await client.get('/console/payments.csv?currency=HKD&from-amount=85.62')).text).not.toContain(
      paymentId,
    );
    expect((await client.get('/console/payments?currency=HKD&from-amount=85.619')).status).toBe(400);
  });

  it.each(['status=PAID&status=HELD', 'merchant=a&merchant=b', 'currency=HKD&from-amount=1&from-amount=2'])(
    'is not shown nor given out as if a filter that is given twice were none: %s',
    async (filters) => {
      const page = await client.get(`/console/payments?${filters}`);
      expect([page.status, page.text.includes('must be given once')]).toEqual([400, true]);
      expect((await client.get(`/console/payments.csv?${filters}`)).status).toBe(400);
    },
  );

  it('keeps the other filters when a frequent search is added or removed', async () => {
    const page = await client.get('/console/payments?status=PAID&merchant=Kissa');
    expect(page.text).toContain(
      'href="/console/payments?status=PAID&amp;merchant=Kissa&amp;notificationStatus=PARKED"',
    );
    expect(page.text).toContain('href="/console/payments?merchant=Kissa" aria-current="true"');
  });
});

describe('compression', () => {
  const encoding = async (path: string, headers: Record<string, string> = {}): Promise<string | null> =>
    (await client.get(path, headers)).headers.get('content-encoding');
  const click = { 'sec-fetch-site': 'same-origin', 'sec-fetch-user': '?1' };

  it('is for pages and files, except pages that repeat an address which a stranger may have chosen', async () => {
    await aPayment();
    const page = (await client.get('/console/payments')).text;
    const script = /src="([^"]*htmx.js[^"]*)"/.exec(page)?.[1] ?? '';
    expect(await encoding(script)).toBe('gzip');
    expect(await encoding('/console/payments')).toBe('gzip');
    expect(await encoding('/console/payments?customerId=customer-rich')).toBeNull();
    expect(await encoding('/console/payments?customerId=customer-rich', click)).toBe('gzip');
    expect(await encoding('/console/nothing-under-this-name')).toBeNull();
    const refreshed = { 'sec-fetch-site': 'same-origin', 'hx-request': 'true' };
    expect(await encoding('/console/live?x=guess', refreshed)).toBeNull();
    expect(await encoding('/console/live', refreshed)).toBe('gzip');
  });

  it('masks the token of the forms anew on every page', async () => {
    const tokens = await Promise.all(
      [1, 2].map(async () => csrfIn((await client.get('/console/help')).text)),
    );
    expect(new Set(tokens).size).toBe(2);
  });

  it('is for long answers of the API, except answers to a POST', async () => {
    const authorization = `Bearer ${test.tokens.operator}`;
    const get = (path: string): Promise<Response> =>
      fetch(`${test.url}${path}`, { headers: { authorization } });
    const description = await get('/openapi.json');
    expect(description.headers.get('content-encoding')).toBe('gzip');
    expect(description.headers.get('vary')).toContain('accept-encoding');
    await description.json();
    const csv = await get('/v1/operations/payments.csv');
    expect([csv.headers.get('content-encoding'), await csv.text()]).toEqual([
      'gzip',
      expect.stringMatching(/^paymentId,/),
    ]);
    const posted = await test.app.scan(`twin:S#${randomUUID()}`);
    expect(posted.headers.get('content-encoding')).toBeNull();
    expect((await get('/metrics')).headers.get('content-encoding')).toBeNull();
  });
});

describe('messages as they were sent and received', () => {
  it('are shown with payments:raw only; without it the page says that they are kept back', async () => {
    const page = `/console/payments/${await paid()}`;
    const auditor = await signedIn(test.tokens.auditor);
    const all = await client.get(page);
    expect(all.text).not.toContain('<pre');
    expect(all.text).not.toContain('merchantDisplayName');
    expect(text(all.text)).toContain('payments:raw');
    const raw = await auditor.get(page);
    expect(raw.text).toContain('merchantDisplayName');
    expect(raw.text).not.toContain('payments:raw');
    await auditor.get(page, { 'hx-request': 'true' });
    const told = test.log.filter((line) => line.includes('operations.messages_shown'));
    const who = { actor: 'operator:auditor', application: 'auditor', address: '127.0.0.1' };
    expect(told.map((line) => JSON.parse(line))).toMatchObject([
      { ...who, repeated: false },
      { ...who, repeated: true },
    ]);
  });
});

describe('an act on several payments', () => {
  it('is first explained, then done with a reason, for each payment by itself', async () => {
    const [open, other, over] = [await aPayment(), await aPayment(), await paid()];
    const form = { csrf: csrfIn((await client.get('/console/payments')).text), act: 'close' };
    const sendAll = (fields: Record<string, string>): Promise<ConsoleAnswer> =>
      client.postForm('/console/bulk', [
        ...Object.entries(fields),
        ...[open, other, over].map((id) => ['paymentId', id] as const),
      ]);
    const said = text((await sendAll(form)).text);
    expect(said).toContain('possible for 2 of 3 payments');
    expect(said).toContain('Alipay+ is sent F ORDER_IS_CLOSED');
    expect(said).toContain('The payer has paid. Only Alipay+ undoes a payment');
    expect((await sendAll({ ...form, step: 'do', reason: ' ' })).status).toBe(400);
    expect((await view(open)).status).toBe('AWAITING_CONFIRMATION');
    const done = await sendAll({ ...form, step: 'do', reason: 'the shop has closed' });
    expect(text(done.text)).toContain('done for 2 of 3 payments');
    const acts = await Promise.all([open, other, over].map(async (id) => (await view(id)).acts));
    expect(acts.map(([{ act: name, outcome, reason }]) => [name, outcome, reason])).toEqual([
      ['close', 'DONE', 'the shop has closed'],
      ['close', 'DONE', 'the shop has closed'],
      ['close', 'REFUSED', 'the shop has closed'],
    ]);
    const { csrf: _csrf, ...unsigned } = form;
    expect((await sendAll(unsigned)).status).toBe(403);
    expect((await sendAll({ ...form, act: 'pay-twice' })).status).toBe(400);
  });
});

describe('an id that belongs to no payment', () => {
  it('shows the scan that it belongs to, and why the scan led to no payment', async () => {
    const code = `twin:F.EXPIRED_CODE#${randomUUID()}`;
    expect((await test.app.scan(code)).status).toBe(422);
    const { body } = await test.operator.operations(`/scans?q=${encodeURIComponent(code)}`);
    const [{ scanId }] = body.scans;
    const page = await shown(`/console/payments?q=${scanId}`);
    expect(page).toContain('Scans without a payment');
    expect(page).toContain(`REJECTED EXPIRED_CODE customer-rich 1 no ${scanId}`);
    expect(await shown(`/console/payments?q=${randomUUID()}`)).toContain('Nothing is known under');
  });
});

describe('a search that cannot be made', () => {
  it('names the fields of the form that are wrong', async () => {
    const { text } = await client.get('/console/payments?currency=HKD&from-amount=2&to-amount=1');
    expect(text).toContain('must not be less than from-amount');
  });

  it.each([
    ['from', 'yesterday'],
    ['to', '2026-02-31'],
    ['zone', 'Europe/Atlantis'],
    ['amountMin', '1.50'],
    ['status', 'PAYED'],
    ['cursor', 'x'],
    ['colour', 'green'],
  ])('names what is wrong with %s=%s and keeps the other filters', async (field, value) => {
    const more = field === 'zone' ? '&from=2026-03-01T08:00' : '';
    const answer = await client.get(`/console/payments?${field}=${value}${more}&merchant=Kissa`);
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(new RegExp(`<code>${field}</code>|name="${field}"[^>]*aria-invalid="true"`));
    expect(answer.text).toContain('value="Kissa"');
  });
});
