import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoClient, Said } from './demo-client.js';
import type { Story } from './stories.js';
import { isRecord, listOf, textAt } from './json-reading.js';

export interface WalkedStory {
  readonly story: Story;
  /** The requests of the payer's app and their answers. */
  readonly app: readonly Said[];
  /** The operators' view: all that is known of the payment. */
  readonly operator?: Record<string, unknown>;
  /** The calls to and from Alipay+, from the twin's own books. */
  readonly alipayPlus?: Record<string, unknown>;
}

const PATIENCE_MS = 30_000;

/**
 * Scans, waits while it is unknown, confirms the shown amount, and watches until Alipay+ has acknowledged the result.
 */
export async function walkStory(client: DemoClient, story: Story): Promise<WalkedStory> {
  const app: Said[] = [];
  let said = await client.app('POST', '/v1/scans', {
    codeValue: story.codeValue,
    customerId: 'customer-rich',
  });
  app.push(said);
  if (said.status === 202) {
    said = await client.app('GET', `/v1/scans/${textAt(said.body, 'scanId')}?waitMs=30000`);
    app.push(said);
  }
  const payment = said.body.payment;
  if (!isRecord(payment)) return { story, app, ...(await told(client, story)) };
  const paymentId = textAt(payment, 'paymentId');
  app.push(
    await client.app('POST', `/v1/payments/${paymentId}/confirm`, { payAmount: amountOf(payment.payAmount) }),
  );
  const operator = await untilTold(client, paymentId);
  return { story, app, operator, ...(await told(client, story)) };
}

/** The app confirms exactly the shown amount. */
function amountOf(shown: unknown): Record<string, unknown> {
  return isRecord(shown) ? { currency: shown.currency, value: shown.value } : {};
}

async function untilTold(client: DemoClient, paymentId: string): Promise<Record<string, unknown>> {
  for (let waitedMs = 0; ; waitedMs += 100) {
    const payment = await client.operator(`/v1/operations/payments/${paymentId}`);
    const { notification } = payment;
    const isTold = isRecord(notification) && notification.status !== 'PENDING';
    if (isTold || waitedMs >= PATIENCE_MS) return payment;
    await sleep(100);
  }
}

async function told(client: DemoClient, story: Story): Promise<{ alipayPlus?: Record<string, unknown> }> {
  const answer = await client.twin(`/_twin/orders?codeValue=${encodeURIComponent(story.codeValue)}`);
  const order = listOf(isRecord(answer) ? answer.orders : answer)[0];
  return order === undefined ? {} : { alipayPlus: order };
}
