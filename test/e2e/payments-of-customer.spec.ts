import { randomUUID } from 'node:crypto';
import { ApiClient, type ApiAnswer, type Json } from '../support/service/api-client.js';
import { CONFUSIONS } from '../support/ledgers/confused-ledger.js';
import { startConfusedService, type ConfusedService } from '../support/ledgers/confused-service.js';
import type { TestService } from '../support/service/test-service.js';

jest.setTimeout(60_000);

const aCode = (script = 'twin:S'): string => `${script}#${randomUUID()}`;
const idsOf = (answer: ApiAnswer): string[] => answer.body.payments.map((one: Json) => one.paymentId);

describe("a payer's payments", () => {
  let confused: ConfusedService;
  let test: TestService;
  let payer: ApiClient;
  /** Oldest first. */
  const made: Json[] = [];
  beforeAll(async () => {
    confused = await startConfusedService({ WALLET_LEDGER_TIMEOUT_MS: '2000' });
    ({ test } = confused);
    payer = new ApiClient(test.url, test.tokens.richOnly);
    const rich = 'twin:S;pay=1000JPY;payTo=8518HKD;rate=8.5614;promo=5JPY;surcharge=8916HKD;goods=2';
    for (const script of [rich, 'twin:S', 'twin:S', 'twin:S']) {
      made.push(await test.app.decodedPayment(aCode(script)));
    }
    await test.app.decodedPayment(aCode(), 'customer-poor');
    expect((await test.app.confirm(made[0])).body.status).toBe('PAID');
    expect((await test.app.decline(made[1].paymentId)).body.status).toBe('DECLINED');
  });
  afterAll(() => confused.stop());

  const list = (query: string, by: ApiClient = test.app): Promise<ApiAnswer> =>
    by.send('GET', `/v1/payments${query}`);
  const newestFirst = (): string[] => made.map(({ paymentId }) => paymentId).toReversed();

  it('are listed newest first, and no other customer sees them', async () => {
    const answer = await list('?customerId=customer-rich');
    expect(answer.status).toBe(200);
    expect(idsOf(answer)).toEqual(newestFirst());
    expect(answer.body).not.toHaveProperty('nextCursor');
    expect((await list('?customerId=nobody')).body).toEqual({ payments: [] });
  });

  it('show the fields of a purchase record, the same as the payment itself', async () => {
    const { payments } = (await list('?customerId=customer-rich&status=PAID')).body;
    const read = await test.app.read(made[0].paymentId);
    // The notification may have moved on in between.
    const { notification: _told, ...payment } = read.body;
    expect(payments).toMatchObject([payment]);
    expect(payment).toMatchObject({
      merchant: { name: expect.any(String) },
      order: {
        goods: [
          { name: 'Cake number 1', unitAmount: { value: '1', display: '¥1' } },
          { name: 'Cake number 2' },
        ],
      },
      payAmount: { currency: 'HKD', value: '8916', display: 'HK$89.16' },
      paymentAmount: { currency: 'JPY' },
      exchangeRate: { quotePrice: expect.any(String) },
      promotions: [{ savingsAmount: { value: expect.any(String), display: expect.any(String) } }],
      surcharge: { value: '8916' },
      paymentTime: expect.any(String),
    });
  });

  it('come page by page, each once, whatever arrives meanwhile', async () => {
    const seen: string[] = [];
    let next = '';
    do {
      const page = await list(`?customerId=customer-rich&limit=1${next}`);
      expect(page.status).toBe(200);
      seen.push(...idsOf(page));
      const { nextCursor } = page.body;
      next = nextCursor === undefined ? '' : `&cursor=${nextCursor}`;
    } while (next !== '');
    expect(seen).toEqual(newestFirst());
  });

  it('are filtered by status and by time', async () => {
    const both = await list('?customerId=customer-rich&status=DECLINED,PAID');
    expect(idsOf(both)).toEqual([made[1].paymentId, made[0].paymentId]);
    const second = encodeURIComponent(made[1].createdAt);
    const last = encodeURIComponent(made[3].createdAt);
    const between = await list(`?customerId=customer-rich&from=${second}&to=${last}`);
    expect(idsOf(between)).toEqual([made[2].paymentId, made[1].paymentId]);
    // As copied from a log: in an address a + is a blank.
    const pasted = made[1].createdAt.replace('Z', '+00:00');
    expect(idsOf(await list(`?customerId=customer-rich&from=${pasted}&to=${last}`))).toEqual(idsOf(between));
    const inNanoseconds = made[1].createdAt.toLowerCase().replace('z', '000000z');
    expect(idsOf(await list(`?customerId=customer-rich&from=${inNanoseconds}&to=${last}`))).toEqual(
      idsOf(between),
    );
  });

  it('are only their own with a token for one customer', async () => {
    expect(idsOf(await list('', payer))).toEqual(newestFirst());
    expect(idsOf(await list('?customerId=customer-rich', payer))).toEqual(newestFirst());
    const other = await list('?customerId=customer-poor', payer);
    expect(other).toMatchObject({ status: 403, body: { code: 'FORBIDDEN_CUSTOMER' } });
    expect(await list('?customerId=customer-rich', test.operator)).toMatchObject({ status: 403 });
  });

  it.each([
    ['', 'customerId'],
    ['?customerId=customer-rich&status=PAYED', 'status'],
    ['?customerId=customer-rich&status=', 'status'],
    ['?customerId=customer-rich&from=2026-02-30T00:00:00Z', 'from'],
    ['?customerId=customer-rich&to=0000-01-01T00:00:00Z', 'to'],
    ['?customerId=customer-rich&to=2026-03-01', 'to'],
    ['?customerId=customer-rich&from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z', 'to'],
    ['?customerId=customer-rich&limit=101', 'limit'],
    ['?customerId=customer-rich&cursor=nonsense', 'cursor'],
    [`?customerId=customer-rich&cursor=${btoa(`2026-02-30T00:00:00.000000Z ${randomUUID()}`)}`, 'cursor'],
    ['?customerId=a%00b', 'customerId'],
    ['?customerId=customer-rich&customerId=customer-poor', 'customerId'],
  ])('are refused for %s, naming %s', async (query, field) => {
    const answer = await list(query);
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
    expect(answer.body.errors.map((fault: Json) => fault.field)).toContain(field);
  });

  it('can be waited for while they are being debited', async () => {
    const doubted = made[2];
    confused.core.confusion = Object.values(CONFUSIONS)[0];
    expect((await test.app.confirm(doubted)).status).toBe(202);
    const path = `/v1/payments/${doubted.paymentId}`;
    expect((await test.app.send('GET', `${path}?waitMs=1`)).body.status).toBe('DEBITING');
    const waiting = test.app.send('GET', `${path}?waitMs=30000`);
    confused.core.confusion = undefined;
    expect((await waiting).body.status).toBe('PAID');
    expect(await test.app.send('GET', `${path}?waitMs=30001`)).toMatchObject({ status: 400 });
  });
});
