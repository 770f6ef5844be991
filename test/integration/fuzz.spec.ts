import { createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import type { FuzzGround } from '../../scripts/fuzz/fuzz-ground.js';
import { assertReading, count, shown, untouchedFaults, type Ends } from '../../scripts/fuzz/pure-property.js';
import { answerPlan, sentAnswer, type AnswerPlan } from '../../scripts/fuzz/sent-answer.js';
import {
  ANSWERING_CLIENT_ID,
  NOTIFY_PAYMENT,
  USER_INITIATED_PAY,
} from '../support/answering/answering-alipay-plus.js';
import { startAnsweredService, type AnsweredService } from '../support/answering/answered-service.js';
import { failuresIn } from '../support/answering/failures-in.js';
import { playAnswer, type Played } from '../support/answering/made-through-service.js';
import { ask } from '../support/database/ask.js';
import { testKeys } from '../support/service/test-keys.js';
import { until } from '../support/service/until.js';

/** A fixed set of cases; `npm run fuzz` uses other seeds and more runs. */
const SEED = Number(process.env['FUZZ_SEED'] ?? '20251120');
const HTTP_RUNS = Number(process.env['FUZZ_HTTP_RUNS'] ?? '15');
const MOST_AT_ONCE = 8;

/** Shrinking a failing case ends here, with the smallest one found until then. */
const MOST_MS = 60_000 + HTTP_RUNS * 1_000;

jest.setTimeout(MOST_MS + 60_000);

describe('answers of Alipay+ that were tampered with (failures 20)', () => {
  it('are read without a throw, and no order is made without a verified S', async () => {
    const ends = await assertReading({ numRuns: 800, seed: SEED });
    expect(Math.min(ends.order, ends.rejected, ends.unknown, ends.payable)).toBeGreaterThan(5);
  });

  describe('and come over the network', () => {
    let test: AnsweredService;
    let ground: FuzzGround;
    const unhandled: unknown[] = [];
    const noteUnhandled = (reason: unknown): void => void unhandled.push(reason);

    beforeAll(async () => {
      process.on('unhandledRejection', noteUnhandled);
      test = await startAnsweredService();
      ground = fuzzGround(test);
    });
    afterAll(async () => {
      await test.stop();
      process.off('unhandledRejection', noteUnhandled);
    });

    const play = async (plan: AnswerPlan): Promise<Played> => {
      // A new id each time: a repeated run must not find the order of the last one.
      const sent = sentAnswer(plan, ground, randomUUID());
      const played = await playAnswer(test, sent, ground);
      const faults = [...played.faults, ...untouchedFaults(plan, played.made)];
      if (faults.length > 0) throw new Error(`${faults.join('; ')}\n${shown(sent, ground)}`);
      return played;
    };

    it('make no order without a verified S, and every order has the amounts of its answer', async () => {
      const ends: Ends = { order: 0, rejected: 0, unknown: 0, payable: 0 };
      const unknown: string[] = [];
      const batch = fc.array(answerPlan, { minLength: 1, maxLength: MOST_AT_ONCE });
      await fc.assert(
        fc.asyncProperty(batch, async (plans) => {
          const played = await Promise.all(plans.map((plan) => play(plan)));
          for (const { made, scanId } of played) {
            count(ends, made);
            if (made.outcome === 'unknown' && scanId !== undefined) unknown.push(scanId);
          }
        }),
        { numRuns: HTTP_RUNS, seed: SEED, interruptAfterTimeLimit: MOST_MS, markInterruptAsFailure: true },
      );
      expect(Math.min(ends.order, ends.unknown, ends.payable)).toBeGreaterThan(0);
      await until('no scan is pending', async () => (await scansIn(test, 'PENDING')).length === 0);
      // Decoded again with the same answers, none of them became anything else in the meantime.
      expect(await scansIn(test, 'GIVEN_UP')).toEqual(unknown.sort());
      expect(failuresIn(test.log)).toEqual([]);
      expect(unhandled).toEqual([]);
      expect(test.alipayPlus.badlySigned).toEqual([]);
      expect((await fetch(`${test.url}/health/ready`)).status).toBe(200);
    });
  });
});

async function scansIn(test: AnsweredService, status: string): Promise<string[]> {
  const text = 'select scan_id as id from scan where status = $1 order by scan_id';
  return (await ask<{ id: string }>(test.database.url, text, [status])).map(({ id }) => id);
}

function fuzzGround({ alipayPlus }: AnsweredService): FuzzGround {
  const keys = testKeys();
  return {
    privateKey: keys.alipayPlusPrivate,
    publicKey: createPublicKey(keys.alipayPlusPrivate),
    strangerKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
    clientId: ANSWERING_CLIENT_ID,
    path: USER_INITIATED_PAY,
    notifyUrl: `${alipayPlus.url}${NOTIFY_PAYMENT}`,
  };
}
