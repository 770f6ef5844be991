import { randomUUID } from 'node:crypto';
import { ConsoleClient, type ConsoleAnswer } from '../support/browser/console-client.js';
import type { Json } from '../support/service/api-client.js';
import { startTestService, type TestService } from '../support/service/test-service.js';

jest.setTimeout(60_000);

let test: TestService;
let client: ConsoleClient;
beforeAll(async () => {
  test = await startTestService();
  client = await signedIn(test.tokens.operator);
});
afterAll(() => test.stop());

const signedIn = async (token: string): Promise<ConsoleClient> => {
  const console = new ConsoleClient(test.url);
  expect((await console.signIn(token)).status).toBe(303);
  return console;
};
const aPayment = async (script = 'twin:S'): Promise<string> =>
  (await test.app.decodedPayment(`${script}#${randomUUID()}`)).paymentId;
const view = async (paymentId: string): Promise<Json> =>
  (await test.operator.operations(`/payments/${paymentId}`)).body;

describe('a note', () => {
  const path = (paymentId: string): string => `/console/payments/${paymentId}/notes`;
  const write = (paymentId: string, fields: Record<string, string>): Promise<ConsoleAnswer> =>
    client.post(path(paymentId), fields, `/console/payments/${paymentId}`);

  it('is saved from the page of its payment, once, and shown there and in the timeline', async () => {
    const paymentId = await aPayment();
    const page = `/console/payments/${paymentId}`;
    const [, noteId = ''] = /name="noteId" value="([^"]+)"/.exec((await client.get(page)).text) ?? [];
    const fields = { noteId, text: ' They called:\r\n<b>shipped</b> & paid. ' };
    expect(await write(paymentId, fields)).toMatchObject({ status: 303, location: `${page}#notes` });
    // The same form, sent a second time.
    expect((await write(paymentId, fields)).status).toBe(303);
    const { notes } = await view(paymentId);
    expect(notes).toMatchObject([{ noteId, text: 'They called:\n<b>shipped</b> & paid.' }]);
    const { text: html } = await client.get(page);
    expect(html.split('&lt;b>shipped&lt;/b> &amp; paid.')).toHaveLength(3);
    expect(html).toContain('NOTED');
  });

  it.each([
    ['nothing', ''],
    ['blanks', ' \r\n '],
    ['characters without width', '\u200b\u2060'],
    ['too much', 'x'.repeat(201)],
  ])('of %s is not saved, and the typed text is kept for correction', async (_what, typed) => {
    const paymentId = await aPayment();
    const refused = await write(paymentId, { text: typed });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('Write something, in at most 200 characters.');
    if (typed.trim() !== '') expect(refused.text).toContain(`${typed}</textarea>`);
    expect((await view(paymentId)).notes).toEqual([]);
  });

  it('of 200 characters is saved, a line break being one of them', async () => {
    const paymentId = await aPayment();
    expect((await write(paymentId, { text: `${'x'.repeat(100)}\r\n${'y'.repeat(99)}` })).status).toBe(303);
    expect((await view(paymentId)).notes).toHaveLength(1);
  });

  it('is not saved for people who may only look, for a form of another site, or for an unknown payment', async () => {
    const paymentId = await aPayment();
    const fields = { text: 'x' };
    const watcher = await signedIn(test.tokens.watcher);
    expect((await watcher.post(path(paymentId), fields, '/console/help')).status).toBe(403);
    expect((await watcher.get(`/console/payments/${paymentId}`)).text).not.toContain('<textarea');
    expect((await client.postRaw(path(paymentId), fields)).status).toBe(403);
    expect((await client.post(path(randomUUID()), fields, '/console/help')).status).toBe(404);
    expect((await client.get(path(paymentId))).status).toBe(200);
    expect((await view(paymentId)).notes).toEqual([]);
  });
});

describe('the content of an order', () => {
  it('is on its page: its requirements, its savings and the address to which the payer goes on', async () => {
    const money = 'pay=1000JPY;rate=8.5614;promo=5JPY;surcharge=8916HKD';
    const paymentId = await aPayment(`twin:S;${money};redirect=https%3A%2F%2Fshop.example%2Fdone`);
    const page = (await client.get(`/console/payments/${paymentId}`)).text;
    for (const said of ['saves', '5 JPY off', 'with it', 'https://shop.example/done'])
      expect(page).toContain(said);
  });
});

describe('payments that were marked in a list', () => {
  it('stay in reach: every act on them leads back to their list, and to no address of a stranger', async () => {
    await aPayment();
    const list = '/console/payments?status=AWAITING_CONFIRMATION&zone=Asia%2FTokyo';
    const form = `/console/bulk?list=${encodeURIComponent(list)}`;
    expect((await client.get(list)).text).toContain(`action="${form}"`);
    expect((await client.get(form)).location).toBe(list);
    expect((await client.get('/console/bulk')).location).toBe('/console/payments');
    expect((await client.get('/console/bulk?list=https%3A%2F%2Fevil.example')).location).toBe('/console');
  });
});
