import { setTimeout as sleep } from 'node:timers/promises';
import { readTwinBooks } from './books/twin-books.js';
import type { DrillGround } from './ground/drill-ground.js';
import { restlessWork, type UnfinishedWork } from './recovery/unfinished.js';

const PATIENCE_MS = 120_000;
const LOOK_AGAIN_MS = 250;
const ASK_AGAIN_MS = 5_000;
/** The twin requests a refund at most so long after the notification (`payer-mix.ts`), with a margin. */
const REFUNDS_BEGIN_MS = 2_500;
const INQUIRIES_AT_ONCE = 4;

/**
 * No more faults, no more payers: everything ends by itself. Alipay+ goes on cancelling and refunding until it has an
 * answer. Returns what had not ended when the time was over.
 */
export async function comeToRest(ground: DrillGround): Promise<UnfinishedWork[]> {
  const read = <Row>(text: string): Promise<Row[]> => ground.database.readPatiently<Row>(text);
  const giveUpAt = Date.now() + PATIENCE_MS;
  let askAt = 0;
  let restsSince = Infinity;
  for (;;) {
    if (Date.now() >= askAt) {
      askAt = Date.now() + ASK_AGAIN_MS;
      await cancelAgain(ground);
      await refundAgain(ground);
    }
    const left = await restlessWork(read);
    const isOver = left.length === 0 && (await isAnswered(ground));
    restsSince = isOver ? Math.min(restsSince, Date.now()) : Infinity;
    if (Date.now() - restsSince > REFUNDS_BEGIN_MS || Date.now() > giveUpAt) return left;
    await sleep(LOOK_AGAIN_MS);
  }
}

async function isAnswered(ground: DrillGround): Promise<boolean> {
  const [cancels, refunds] = [await unansweredCancels(ground), await unansweredRefunds(ground)];
  return cancels.length === 0 && refunds.length === 0;
}

async function unansweredCancels({ twin }: DrillGround): Promise<string[]> {
  const { orders } = await readTwinBooks(twin.url);
  return orders
    .filter(({ isCancelWanted, isCancelled }) => isCancelWanted && !isCancelled)
    .map(({ paymentRequestId }) => paymentRequestId);
}

/** The twin repeats a cancel twenty times; a fault that kept us from answering may have lasted longer. */
async function cancelAgain(ground: DrillGround): Promise<void> {
  for (const paymentRequestId of await unansweredCancels(ground)) await ground.twin.cancel(paymentRequestId);
}

async function unansweredRefunds({ twin }: DrillGround) {
  const { orders } = await readTwinBooks(twin.url);
  return orders.flatMap(({ paymentRequestId, refunds }) =>
    refunds.filter(({ result }) => result === null).map(({ fields }) => ({ paymentRequestId, fields })),
  );
}

/** Likewise for a refund, which it repeats sixty times. */
async function refundAgain(ground: DrillGround): Promise<void> {
  for (const { paymentRequestId, fields } of await unansweredRefunds(ground))
    await ground.twin.refund(paymentRequestId, fields);
}

/** At the end Alipay+ inquires about every order; the answer must agree with the notification. */
export async function inquireAll({ twin }: DrillGround): Promise<number> {
  const { orders } = await readTwinBooks(twin.url);
  const ids = orders
    .filter(({ status }) => status !== 'NOT_ISSUED')
    .map(({ paymentRequestId }) => paymentRequestId);
  const waiting = ids.values();
  const ask = async (): Promise<void> => {
    for (const id of waiting) await twin.inquire(id);
  };
  await Promise.all(Array.from({ length: INQUIRIES_AT_ONCE }, ask));
  return ids.length;
}
