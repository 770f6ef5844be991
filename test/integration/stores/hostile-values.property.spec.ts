import { INBOUND_REQUEST } from '../../../src/payment-order/evidence/evidence.store.js';
import { DECODE_ANSWER, NOTIFY_ANSWER } from '../../../src/payment-order/evidence/exchange-evidence.js';
import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { readCancelPayment } from '../../../src/alipay-plus/messages/inbound-messages.js';
import { readUserInitiatedPay } from '../../../src/alipay-plus/messages/user-initiated-pay.js';
import { cut } from '../../../src/alipay-plus/wire/characters.js';
import { decodedOrderOf } from '../../../src/decode/decoded-order-of.js';
import type { DecodedOrder } from '../../../src/payment-order/order/payment-order.js';
import { fullAnswer } from '../../../src/alipay-plus/spec-support/full-answer.js';
import { aPendingScan, evidence } from '../../support/builders/a-scan.js';
import { aDecodedOrder, anOrder } from '../../support/builders/an-order.js';
import { aKey, OpenedStores } from '../../support/builders/opened-stores.js';

jest.setTimeout(120_000);

const NOTIFY_URL = 'https://open-sea-global.alipayplus.com/aps/api/v1/payments/notifyPayment';
const RULES = {
  notifyUrl: NOTIFY_URL,
  notifyUrls: { hosts: [new URL(NOTIFY_URL).host], plainHttpAllowed: false },
  supportedFlags: [],
  amountCheck: 'flag',
} as const;
const LIFE_MS = 600_000;
const SEED = Number(process.env['FUZZ_SEED'] ?? '20261129');

/** Lengths at which a text is cut, so that a pair of surrogates may be split by the cut. */
const CUTS = [63, 64, 255, 511, 512, 999, 1_000, 2_047];

const text = fc.oneof(
  fc.constantFrom('\0', 'x\0y', '\uD83D', '\uDE00', 'x\uD83D', '\uFFFE', '\u202E', '語'.repeat(70_000)),
  fc.constantFrom(...CUTS).map((length) => `${'x'.repeat(length)}🧾${'y'.repeat(300)}`),
  fc.string({ unit: 'binary', maxLength: 80 }),
);
const number = fc.constantFrom(
  ...[0, -1, 41, 1_000, 1_001, 131_072].map((digits) => (digits > 0 ? '9'.repeat(digits) : String(digits))),
  '2147483648',
  '9223372036854775808',
  `1${'0'.repeat(131_072)}`,
  '1e400',
  'NaN',
  'Infinity',
);
const time = fc.constantFrom(
  '9999-12-31T23:59:59-12:00',
  '9999-12-31T23:59:59.999999999999999Z',
  '0001-01-01T00:00:00+14:00',
  '0001-01-01T00:00:00Z',
  '0099-06-01T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  '2016-12-31T23:59:60Z',
  '2099-02-30T00:00:00Z',
  'infinity',
  '-infinity',
  'now',
  'epoch',
);
const hostile = fc.oneof(text, number, time);

type Answer = ReturnType<typeof fullAnswer>;

/** The paths of all texts in an answer. */
function textPaths(value: object, path: readonly string[] = []): (readonly string[])[] {
  return Object.entries(value).flatMap(([name, part]: [string, unknown]) => {
    const here = [...path, name];
    if (typeof part === 'string') return [here];
    return typeof part === 'object' && part !== null ? textPaths(part, here) : [];
  });
}

function withValues(sound: Answer, changes: readonly { path: readonly string[]; value: string }[]): Answer {
  // A copy of every part; equal parts of an answer are one object.
  const answer = JSON.parse(JSON.stringify(sound)) as Answer;
  for (const { path, value } of changes) {
    let place: Record<string, unknown> = answer;
    // Every part on the way was an object or a list when the paths were taken.
    for (const name of path.slice(0, -1)) place = place[name] as Record<string, unknown>;
    place[path.at(-1)!] = value;
  }
  return answer;
}

const PATHS = textPaths(fullAnswer(1)).filter(
  ([first, second]) => first !== 'paymentRequestId' && second !== 'resultStatus',
);
const changes = fc.array(fc.record({ path: fc.constantFrom(...PATHS), value: hostile }), {
  minLength: 1,
  maxLength: 4,
});

/** JSON nested deeper than any stack. */
const DEEP = `${'[{"x":'.repeat(40_000)}0${'}]'.repeat(40_000)}`;

describe('any text that Alipay+ signs can be stored (failures 20)', () => {
  let stores: OpenedStores;
  beforeAll(async () => {
    stores = (await OpenedStores.open(8)).holding(aKey(1), aKey(2, 'digest'));
  });
  afterAll(() => stores.close());

  const answerKept = (scanId: string): Promise<readonly (Buffer | null)[]> =>
    stores.opened(DECODE_ANSWER, 'scan_id = $1', [scanId]);

  it('as an order that is held or has the amounts of its answer, can end, and leaves its bytes as evidence', async () => {
    const answers = fc.record({ changes, isDeep: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(answers, async ({ changes: changed, isDeep }) => {
        const answer = { ...withValues(fullAnswer(1), changed), paymentRequestId: randomUUID() };
        const json = JSON.stringify(answer);
        const body = Buffer.from(isDeep ? `${json.slice(0, -1)},"deep":${DEEP}}` : json);
        const read = readUserInitiatedPay(body);
        if (!read.readable) throw new Error(read.reason);
        const decoded = decodedOrderOf(read.response, read.notPayable, RULES);
        if (!decoded) throw new Error('the answer names an order');
        const { scanId } = await aPendingScan(stores);
        const { resultCode } = read.response.result;
        const told = evidence({ answer: body, ...(resultCode && { resultCode: cut(resultCode, 64) }) });
        const accepted = await stores.decodedOrders.accept(scanId, told, decoded, LIFE_MS);
        if (accepted.outcome !== 'created') throw new Error(accepted.outcome);
        const [kept] = await answerKept(scanId);
        expect(kept?.equals(body)).toBe(true);
        const order = await stores.orders.find(accepted.order.paymentId);
        if (!order) throw new Error('the order is not there');
        expect(order).toMatchObject({ ...accepted.order, readAt: expect.any(Date) });
        if (order.heldReason === undefined)
          expect(order.payToAmount?.value.toString()).toBe(answer.payToAmount.value);
        expect(await stores.orders.cancelUnpaid(order)).toMatchObject({ status: 'CANCELLED' });
      }),
      { numRuns: 60, seed: SEED },
    );
  });

  it('as a held order without content where the database itself refuses a value', async () => {
    const big = fc.constantFrom(1n, 10n ** 131_071n, 10n ** 140_000n);
    const money = fc.record({ currency: fc.constantFrom('JPY', 'HKD', 'toolong', '\0'), value: big });
    const date = fc.constantFrom(new Date(8.64e15), new Date(-8.64e15), new Date(Number.NaN));
    const some = fc.option(text, { nil: undefined });
    const values = fc.record(
      {
        acquirerId: some,
        pspId: some,
        quoteId: some,
        amountFlag: some,
        notifyUrl: text,
        paymentAmount: money,
        payToAmount: money,
        payAmount: money,
        expiresAt: date,
        quoteExpiresAt: date,
        content: text.map((each) => ({ referenceOrderId: each, promotions: [], surcharged: false })),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(values, fc.option(text, { nil: undefined }), async (changed, resultCode) => {
        // An absent value is an absent property, as `decodedOrderOf` makes it.
        const given = Object.fromEntries(Object.entries(changed).filter(([, each]) => each !== undefined));
        const decoded: DecodedOrder = aDecodedOrder(given);
        const { scanId } = await aPendingScan(stores);
        const answer = Buffer.from(randomUUID());
        const told = evidence({ answer, ...(resultCode !== undefined && { resultCode }) });
        const accepted = await stores.decodedOrders.accept(scanId, told, decoded, LIFE_MS);
        if (accepted.outcome !== 'created') throw new Error(accepted.outcome);
        expect(await answerKept(scanId)).toEqual([answer]);
        const { status, heldReason } = accepted.order;
        if (heldReason === undefined) expect(status).toBe('AWAITING_CONFIRMATION');
        else
          expect(heldReason).toMatch(
            /^NOT_PAYABLE: the answer holds a value that cannot be stored \(\w{5}\)$/,
          );
        const [row] = await stores.sql<{ status: string }>(
          'select status from payment_order where payment_request_id = $1',
          [decoded.paymentRequestId],
        );
        expect(row).toEqual({ status });
        expect(await stores.decodedOrders.accept(scanId, told, decoded, LIFE_MS)).toMatchObject({
          outcome: 'merged',
          order: { contentConflict: false },
        });
      }),
      { numRuns: 40, seed: SEED },
    );
  });

  it('as evidence of a refusal, of an attempt without a result, and of a notification', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (resultCode) => {
        const answer = Buffer.from(resultCode, 'utf16le');
        const told = evidence({ outcome: 'unknown', resultCode, answer });
        const { scanId } = await aPendingScan(stores);
        await stores.scans.postpone(scanId, told, { delayMs: 0, counts: true });
        const rejected = await stores.scans.reject(scanId, { ...told, outcome: 'rejected' }, 'PROCESS_FAIL');
        expect(rejected).toMatchObject({ status: 'REJECTED' });
        expect(await answerKept(scanId)).toEqual([answer, answer]);
        const { paymentId } = await anOrder(stores).declined();
        await stores.notifications.record(paymentId, told, {
          status: 'PENDING',
          delayMs: 0,
          requestedBy: 'schedule',
        });
        expect(await stores.opened(NOTIFY_ANSWER, 'payment_id = $1', [paymentId])).toEqual([answer]);
      }),
      { numRuns: 20, seed: SEED },
    );
  });

  it('as a call of theirs: a cancel counts, and its bytes are stored', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (hostileId, requestTime) => {
        const paymentRequestId = randomUUID();
        const request = Buffer.from(
          JSON.stringify({ paymentRequestId, acquirerId: hostileId, pspId: hostileId }),
        );
        const read = readCancelPayment(request);
        if (!read.readable) throw new Error('the id can be read');
        const { acquirerId = '', pspId = '' } = read.request;
        await stores.cancels.cancel({ paymentRequestId, acquirerId, pspId });
        expect(
          await stores.sql('select 1 from cancel_request where payment_request_id = $1', [paymentRequestId]),
        ).toHaveLength(1);
        await stores.evidence.keepInbound({
          api: 'cancelPayment',
          paymentRequestId: hostileId,
          requestTime,
          request,
          answer: Buffer.from('{}'),
          result: { resultStatus: 'S', resultCode: 'SUCCESS' },
        });
        const newest = 'exchange_id = (select max(exchange_id) from inbound_exchange)';
        expect(await stores.opened(INBOUND_REQUEST, newest)).toEqual([request.subarray(0, 16_384)]);
      }),
      { numRuns: 20, seed: SEED },
    );
  });
});
