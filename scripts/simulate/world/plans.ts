import { AlipayPlusBooks, type PartnerOrder } from './alipay-plus-books.js';
import type { PartnerRefund } from './partner-refunds.js';
import type { Plan } from './payer.js';
import type { World } from './world.js';

export interface Plans {
  readonly payers: readonly Plan[];
  readonly cancels: readonly { readonly order: PartnerOrder; readonly atMs: number }[];
  readonly refunds: readonly PartnerRefund[];
  readonly inquiries: readonly { readonly order: PartnerOrder; readonly timesMs: readonly number[] }[];
}

const WITHIN_MS = 50_000;

/**
 * The plan of a history, drawn by the seed: who scans which code and when, the payers' actions, and those of Alipay+.
 */
export function drawPlans(world: World, scans: number): Plans {
  const { random } = world.scheduler;
  const payers: Plan[] = [];
  const cancels: Plans['cancels'][number][] = [];
  const refunds: PartnerRefund[] = [];
  const inquiries: Plans['inquiries'][number][] = [];
  for (let scan = 1; scan <= scans; scan += 1) {
    const startsAtMs = random.between(0, WITHIN_MS);
    const order = world.partner.newOrder(startsAtMs);
    const plan = drawPlan(world, order, `payer-${scan}`, startsAtMs);
    payers.push(plan, ...drawRivals(world, plan, scan));
    if (random.chance(0.45)) cancels.push({ order, atMs: cancelTime(world, plan) });
    refunds.push(...world.refunds.draw(order, startsAtMs + Math.min(plan.thinksMs, 60_000)));
    const timesMs = Array.from(
      { length: random.between(0, 4) },
      () => startsAtMs + random.between(0, 60_000),
    );
    inquiries.push({ order, timesMs: timesMs.sort((a, b) => a - b) });
  }
  return { payers, cancels, refunds, inquiries };
}

function drawPlan(world: World, order: PartnerOrder, customerId: string, startsAtMs: number): Plan {
  const { random } = world.scheduler;
  if (random.chance(0.12)) world.ledger.makePoor(customerId);
  else if (random.chance(0.06)) world.ledger.block(customerId);
  const untilMs = AlipayPlusBooks.payableUntilMs(order) - startsAtMs;
  return {
    customerId,
    code: world.partner.newCode(order),
    startsAtMs,
    does: random.pick(['confirm', 'confirm', 'confirm', 'confirm twice', 'decline', 'nothing']),
    // Often close to the last moment, where it matters most.
    thinksMs: random.chance(0.45)
      ? Math.max(0, untilMs - random.between(100, 2_500))
      : random.between(0, 8_000),
  };
}

/** The same code on a second phone, or another code of the same order; with the same payer or with another. */
function drawRivals(world: World, plan: Plan, scan: number): Plan[] {
  const { random } = world.scheduler;
  if (!random.chance(0.5)) return [];
  const customerId = random.chance(0.5) ? plan.customerId : `rival-${scan}`;
  const code = random.chance(0.65) ? plan.code : world.partner.newCode(plan.code.order);
  const startsAtMs = plan.startsAtMs + (random.chance(0.65) ? 0 : random.between(0, 10_000));
  return [{ ...plan, customerId, code, startsAtMs, thinksMs: random.between(0, 5_000) }];
}

/** About when the order is decoded, about when it is debited, or any time. */
function cancelTime(world: World, { startsAtMs, thinksMs }: Plan): number {
  const { random } = world.scheduler;
  const decodedMs = startsAtMs + random.between(-100, 500);
  const confirmedMs = startsAtMs + Math.min(thinksMs, 60_000) + random.between(-300, 3_000);
  return Math.max(0, random.pick([decodedMs, confirmedMs, random.between(0, 80_000)]));
}
