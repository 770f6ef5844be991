import { setTimeout as sleep } from 'node:timers/promises';
import { isRecord, textAt } from '../../demo/json-reading.js';
import type { AppWitness } from '../books/app-rules.js';
import type { DrillTwin } from '../ground/drill-twin.js';
import type { PayerPlan } from './payer-plan.js';
import type { AppAnswer, WalletApp } from './wallet-app.js';

export interface Shop {
  readonly app: WalletApp;
  readonly twin: DrillTwin;
}

type Shown = Readonly<Record<string, unknown>>;

const FINAL = new Set(['PAID', 'FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED']);
const OPEN = new Set(['AWAITING_CONFIRMATION', 'DEBITING']);
const LOOK_AGAIN_MS = 400;
const MOST_LOOKS = 200;

/** Plays one payer from the scan to the end, as the app sees it; returns its answers. */
export async function playPayer(plan: PayerPlan, shop: Shop): Promise<AppWitness[]> {
  const scanned = await scanAll(plan, shop);
  const witnesses = scanned.map(({ body }) => ({ ...idsOf(body) }));
  const payment = scanned.map(({ body }) => body.payment).find(isRecord);
  if (payment === undefined) return witnesses;
  await sleep(plan.thinkMs);
  const seen = await act(plan, shop, payment);
  const status = textAt(seen, 'status');
  const shown = FINAL.has(status) ? { shown: status } : {};
  return [...witnesses, { paymentRequestId: textAt(payment, 'paymentRequestId'), ...shown }];
}

function idsOf(body: Shown): AppWitness {
  const scanId = textAt(body, 'scanId');
  return scanId === '' ? {} : { scanId };
}

function scanAll(plan: PayerPlan, shop: Shop): Promise<AppAnswer[]> {
  const { codeValue, customerId, rivalId, first, besides } = plan;
  const scans = [scan(shop, codeValue, customerId, first)];
  if (besides === 'twoPhones') scans.push(scan(shop, codeValue, customerId, first + 1));
  if (besides === 'rival') scans.push(scan(shop, codeValue, rivalId, first + 1));
  if (besides === 'secondCode') scans.push(scan(shop, `${codeValue}-2`, customerId, first + 1));
  return Promise.all(scans);
}

/** Scans, and polls while the code is unknown. */
async function scan({ app }: Shop, codeValue: string, customerId: string, first: number): Promise<AppAnswer> {
  let answer = await app.ask('POST', '/v1/scans', first, { codeValue, customerId });
  const scanId = textAt(answer.body, 'scanId');
  for (let looks = 0; answer.status === 202 && looks < MOST_LOOKS; looks += 1) {
    answer = await app.ask('GET', `/v1/scans/${scanId}?waitMs=5000`, first + looks);
  }
  // A refusal names no scan; earlier promises still hold.
  return scanId === '' ? answer : { ...answer, body: { ...answer.body, scanId } };
}

/** Does what the payer does, and polls until the payment has ended. A payment that the payer left is not polled. */
async function act(plan: PayerPlan, shop: Shop, payment: Shown): Promise<Shown> {
  const path = `/v1/payments/${textAt(payment, 'paymentId')}`;
  if (plan.end === 'leaves') return payment;
  if (plan.end === 'declines') {
    const answer = await shop.app.ask('POST', `${path}/decline`, plan.first);
    return answer.status === 200 ? answer.body : look(shop, path, plan.first);
  }
  const confirm = (first: number): Promise<AppAnswer> =>
    shop.app.ask('POST', `${path}/confirm`, first, { payAmount: amountIn(payment.payAmount) });
  const both: Promise<unknown>[] = [confirm(plan.first)];
  if (plan.end === 'confirmsTwice') both.push(confirm(plan.first + 1));
  if (plan.end === 'isCancelled') both.push(shop.twin.cancel(textAt(payment, 'paymentRequestId')));
  await Promise.all(both);
  return settle(shop, path, plan.first);
}

/** Polls while it is being debited; a payer who still has to pay then pays or gives up the purchase. */
async function settle(shop: Shop, path: string, first: number): Promise<Shown> {
  for (let looks = 0; ; looks += 1) {
    const seen = await look(shop, path, first + looks);
    const status = textAt(seen, 'status');
    if (!OPEN.has(status) || looks === MOST_LOOKS) return seen;
    if (status === 'AWAITING_CONFIRMATION') await shop.app.ask('POST', `${path}/decline`, first);
    else await sleep(LOOK_AGAIN_MS);
  }
}

async function look({ app }: Shop, path: string, first: number): Promise<Shown> {
  return (await app.ask('GET', path, first)).body;
}

/** The app confirms exactly the shown amount. */
function amountIn(shown: unknown): object {
  return isRecord(shown) ? { currency: shown.currency, value: shown.value } : {};
}
