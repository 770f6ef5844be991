import { setTimeout as sleep } from 'node:timers/promises';
import { readTwinBooks } from './books/twin-books.js';
import type { DrillGround } from './ground/drill-ground.js';
import { restlessWork, type UnfinishedWork } from './recovery/unfinished.js';

const PATIENCE_MS = 120_000;
const LOOK_AGAIN_MS = 250;
const CANCEL_AGAIN_MS = 5_000;
const INQUIRIES_AT_ONCE = 4;

/**
 * No more faults, no more payers: everything comes to its end by itself. Alipay+ goes on cancelling what it has no
 * answer for. Tells what had not ended when the patience was over.
 */
export async function comeToRest(ground: DrillGround): Promise<UnfinishedWork[]> {
  const read = <Row>(text: string): Promise<Row[]> => ground.database.readPatiently<Row>(text);
  const giveUpAt = Date.now() + PATIENCE_MS;
  let cancelAt = 0;
  for (;;) {
    if (Date.now() >= cancelAt) {
      cancelAt = Date.now() + CANCEL_AGAIN_MS;
      await cancelAgain(ground);
    }
    const left = await restlessWork(read);
    const isOver = left.length === 0 && (await unansweredCancels(ground)).length === 0;
    if (isOver || Date.now() > giveUpAt) return left;
    await sleep(LOOK_AGAIN_MS);
  }
}

async function unansweredCancels({ twin }: DrillGround): Promise<string[]> {
  const { orders } = await readTwinBooks(twin.url);
  return orders
    .filter(({ isCancelWanted, isCancelled }) => isCancelWanted && !isCancelled)
    .map(({ paymentRequestId }) => paymentRequestId);
}

/** The twin repeats a cancel twenty times; whatever kept us from answering may have lasted longer. */
async function cancelAgain(ground: DrillGround): Promise<void> {
  for (const paymentRequestId of await unansweredCancels(ground)) await ground.twin.cancel(paymentRequestId);
}

/** At rest Alipay+ asks about every order; what it is answered has to agree with what it was notified. */
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
