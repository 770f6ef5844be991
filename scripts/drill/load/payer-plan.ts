import type { SeededRandom } from '../../simulate/engine/seeded-random.js';
import { BLOCKED_PAYER, PAYERS, POOR_PAYER } from '../ground/payers.js';
import { MIX, type PayerKind } from './payer-mix.js';

/** One payer at one till, drawn before anything happens. */
export interface PayerPlan extends Omit<PayerKind, 'script' | 'weight'> {
  readonly codeValue: string;
  readonly customerId: string;
  readonly rivalId: string;
  readonly thinkMs: number;
  /** The index of the API that its app calls first. */
  readonly first: number;
}

export interface PlanOptions {
  /** Distinguishes the codes of one drill from those of another. */
  readonly mark: string;
  /** How long an order may be paid unless its script says otherwise, in seconds. */
  readonly orderLifeS: number;
}

const TOTAL = MIX.reduce((sum, { weight }) => sum + weight, 0);

export function drawPlan(random: SeededRandom, number: number, options: PlanOptions): PayerPlan {
  const { script, weight: _, ...kind } = drawKind(random, number);
  const unique = `${options.mark}-${number}`;
  const expire =
    script.includes('expire=') || !script.startsWith('S') ? '' : `;expire=${options.orderLifeS}s`;
  const customerId = random.pick(PAYERS);
  return {
    ...kind,
    codeValue: `twin:${script.replace('{unique}', unique)}${expire}#${unique}`,
    customerId: whoPays(kind, customerId),
    rivalId: random.pick(PAYERS.filter((payer) => payer !== customerId)),
    thinkMs: random.between(0, 1_500),
    first: random.between(0, 1),
  };
}

/** The first payers of a drill are one of each kind, so that a short one has them all; then by their weight. */
function drawKind(random: SeededRandom, number: number): PayerKind {
  const drawn = random.next() * TOTAL;
  if (number < MIX.length) return MIX[number] ?? random.pick(MIX);
  let sum = 0;
  return MIX.find(({ weight }) => (sum += weight) > drawn) ?? random.pick(MIX);
}

function whoPays({ who }: Pick<PayerKind, 'who'>, anybody: string): string {
  if (who === 'poor') return POOR_PAYER;
  return who === 'blocked' ? BLOCKED_PAYER : anybody;
}
