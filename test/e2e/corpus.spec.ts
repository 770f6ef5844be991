import { answerCases, type AnswerCase, type ExpectedOutcome } from '../support/answering/answer-case.js';
import {
  moveClock,
  startAnsweredService,
  type AnsweredService,
} from '../support/answering/answered-service.js';
import { failuresIn } from '../support/answering/failures-in.js';
import { guesses } from '../support/answering/guesses.js';
import { playCase, type PlayedCase } from '../support/answering/played-case.js';
import { seenPart } from '../support/answering/seen-part.js';
import { ask } from '../support/database/ask.js';
import { until } from '../support/service/until.js';

jest.setTimeout(120_000);

const CASES = answerCases('test/fixtures/answers');
/** A week before the orders of the cases expire. */
const SCANNED_AT = '2025-11-20T12:00:00Z';
const LONG_AFTER = '2026-11-20T12:00:00Z';

/** The answer to a confirm, by the status of the order. */
const CONFIRMED: Readonly<Record<string, string>> = {
  AWAITING_CONFIRMATION: 'PAID',
  HELD: 'ORDER_HELD',
  FAILED: 'ORDER_IS_CLOSED',
};
const UNPAYABLE = { resultStatus: 'F', resultCode: 'PROCESS_FAIL' };

describe('the outcome of each answer of Alipay+ (failures 20)', () => {
  let test: AnsweredService;
  const played = new Map<string, PlayedCase>();

  beforeAll(async () => {
    test = await startAnsweredService();
    await moveClock(test, SCANNED_AT);
    const play = async (each: AnswerCase) => played.set(each.name, await playCase(test, each));
    await Promise.all(CASES.filter(({ alone }) => !alone).map(play));
    // A pause of all scans is over before the next case, and an ordinary answer comes between two of them.
    for (const each of CASES.filter(({ alone }) => alone)) {
      await play(each);
      await until('scans are asked for again', async () => (await pausedMs(test)) <= 0);
      await play({ ...ordinaryCase(), name: `after-${each.name}` });
    }
  });
  afterAll(() => test.stop());

  const outcomeOf = (name: string): PlayedCase => {
    const outcome = played.get(name);
    if (!outcome) throw new Error(`${name} was not played`);
    return outcome;
  };

  const casesOf = <Outcome extends ExpectedOutcome['outcome']>(outcome: Outcome) =>
    CASES.flatMap(({ name, shows, body, alone, expect }) =>
      expect.outcome === outcome
        ? [{ name, shows, body, alone, expected: expect as Extract<ExpectedOutcome, { outcome: Outcome }> }] // just compared
        : [],
    );

  const firstAnswer = (confirm = 'PAID') =>
    confirm.endsWith('_EXPIRED') ? [confirm, 200] : [undefined, 201];

  it.each(casesOf('DECODED'))('an order: $name. $shows', ({ name, body, expected }) => {
    const { scanned, tooLate, order, confirmed, told, calls } = outcomeOf(name);
    const { payment } = scanned.body;
    expect([scanned.body.status, calls]).toEqual(['DECODED', 1]);
    expect([tooLate, scanned.status]).toEqual(firstAnswer(expected.confirm));
    expect(seenPart(payment, expected.payment)).toEqual(expected.payment);
    expect(payment.heldReason?.slice(0, expected.heldReason?.length)).toBe(expected.heldReason);
    if (expected.amountFlag !== undefined) expect(order?.amountFlag).toBe(expected.amountFlag);
    expect(guesses(payment, body)).toEqual([]);
    expect(confirmed).toBe(expected.confirm ?? CONFIRMED[payment.status]);
    if (payment.status === 'FAILED') {
      const agreed = `${test.alipayPlus.url}/aps/api/v1/payments/notifyPayment`;
      expect([told?.url, told?.body.paymentResult]).toMatchObject([agreed, UNPAYABLE]);
      expect(payment.result).toMatchObject(UNPAYABLE);
    }
    if (confirmed !== 'PAID') return;
    expect(order?.debited).toEqual([
      { currency: payment.payAmount.currency, value: payment.payAmount.value },
    ]);
    expect(told?.url).toBe(expected.notifyUrl ?? `${test.alipayPlus.url}/aps/api/v1/payments/notifyPayment`);
    expect(told?.body).toMatchObject({ paymentAmount: amountOf(payment.paymentAmount) });
    const hasTwoCurrencies = payment.payToAmount.currency !== payment.paymentAmount.currency;
    expect(told?.body.payToAmount).toEqual(hasTwoCurrencies ? amountOf(payment.payToAmount) : undefined);
  });

  const refusals = casesOf('REJECTED');

  it.each(refusals.filter(({ alone }) => !alone))('a refusal: $name. $shows', ({ name, expected }) => {
    const { scanned, order, calls } = outcomeOf(name);
    const { code, action } = scanned.body;
    expect({ httpStatus: scanned.status, code, action }).toEqual({
      httpStatus: expected.httpStatus,
      code: expected.code,
      action: expected.action,
    });
    expect([order, calls]).toEqual([undefined, 1]);
  });

  it('a fault of our own set-up refuses the first two payers and keeps the others until their deadline', () => {
    const faults = refusals.filter(({ alone }) => alone);
    const codes = faults.map(({ name }) => outcomeOf(name).scanned.body.code);
    expect(codes.slice(0, 2)).toEqual(faults.slice(0, 2).map(({ expected }) => expected.code));
    expect([...new Set(codes.slice(2))]).toEqual(['DECODE_GIVEN_UP']);
    expect(faults.map(({ name }) => outcomeOf(name).order)).toEqual(faults.map(() => undefined));
  });

  it.each(casesOf('GIVEN_UP'))('given up: $name. $shows', ({ name, expected }) => {
    const { scanned, order, reasons, calls } = outcomeOf(name);
    expect([scanned.status, scanned.body.code]).toEqual([422, 'DECODE_GIVEN_UP']);
    expect([...new Set(reasons)]).toEqual([expected.reason]);
    expect(calls).toBe(reasons.length);
    expect(order).toBeUndefined();
  });

  it('no answer made an order but those that should, and nothing failed on the way', async () => {
    const [orders] = await ask<{ count: number }>(
      test.database.url,
      'select count(*)::int as count from payment_order',
    );
    expect(orders?.count).toBe(casesOf('DECODED').length);
    expect(failuresIn(test.log)).toEqual([]);
    expect(test.alipayPlus.badlySigned).toEqual([]);
  });

  it('every result for the address agreed beforehand arrives there unchanged', async () => {
    const paid = casesOf('DECODED').filter(
      ({ name, expected }) => outcomeOf(name).confirmed === 'PAID' && expected.notifyUrl === undefined,
    );
    expect(paid.length).toBeGreaterThan(50);
    for (const { name } of paid) {
      const { scanned, told } = outcomeOf(name);
      const { paymentRequestId } = scanned.body.payment;
      const [arrived] = await until(`${name} is told`, () => {
        const bodies = test.alipayPlus.notificationsOf(paymentRequestId);
        return bodies.length > 0 && bodies;
      });
      expect(JSON.parse(String(arrived))).toEqual(told?.body);
    }
  });

  it('every order that could not be paid is closed, at once or at its deadline, and its result is F', async () => {
    await moveClock(test, LONG_AFTER);
    await until('no expired order is open', async () => (await stillOpen(test)).length === 0);
    const held = casesOf('DECODED').filter(({ expected }) => expected.heldReason !== undefined);
    const results = await Promise.all(
      held.map(
        async ({ name }) => (await test.app.read(outcomeOf(name).scanned.body.payment.paymentId)).body,
      ),
    );
    expect(results.map(({ status, result }) => [status, result?.resultStatus])).toEqual(
      held.map(({ name }) => [
        outcomeOf(name).scanned.body.payment.status === 'HELD' ? 'EXPIRED' : 'FAILED',
        'F',
      ]),
    );
  });
});

/** An answer that refuses, so that it can be given any number of times. */
function ordinaryCase(): AnswerCase {
  const found = CASES.find(({ name }) => name === 'code-expired-code');
  if (!found) throw new Error('no case is called code-expired-code');
  return found;
}

async function pausedMs(test: AnsweredService): Promise<number> {
  const [pause] = await ask<{ ms: number }>(
    test.database.url,
    'select (extract(epoch from until - db_now()) * 1000)::float8 as ms from decode_pause',
  );
  return pause?.ms ?? 0;
}

function stillOpen(test: AnsweredService): Promise<unknown[]> {
  return ask(
    test.database.url,
    `select 1 from payment_order where status in ('AWAITING_CONFIRMATION', 'HELD') and expires_at <= db_now()`,
  );
}

function amountOf({ currency, value }: { currency: string; value: string }): object {
  return { currency, value };
}
