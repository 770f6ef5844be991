import type { SeededRandom } from '../engine/seeded-random.js';
import { EPOCH_MS } from '../engine/virtual-globals.js';
import { Violation } from '../engine/violation.js';

interface Amount {
  readonly currency: string;
  readonly value: string;
}

/** The reaction of Alipay+ to the result of an order: some never acknowledge it. */
type NotifyMode = 'acknowledges' | 'never';

/** An order in the books of Alipay+, with everything it got about it. */
export interface PartnerOrder {
  readonly paymentRequestId: string;
  readonly paymentAmount: Amount;
  readonly payToAmount: Amount;
  /** The amount to be debited: the surcharged amount where there is one. */
  readonly payAmount: Amount;
  readonly isSurcharged: boolean;
  readonly isHeld: boolean;
  readonly quoteId?: string;
  readonly expiresAtMs: number;
  readonly quoteExpiresAtMs?: number;
  readonly notifyMode: NotifyMode;
  told?: Buffer;
  /** A signed S was sent for its result. */
  acknowledged: boolean;
  cancelAskedMs?: number;
  cancelAnsweredMs?: number;
  /** Results of inquiries, in the order they were answered. */
  readonly inquired: string[];
  /** The service has lost commits since this order was made. */
  areCommitsLost: boolean;
  /** Its customer before the loss; Alipay+ decodes it for nobody else. */
  ownerId?: string;
}

export type DecodeStep = 'S' | 'F' | 'U' | 'THROTTLED';

export interface PartnerCode {
  readonly codeValue: string;
  readonly order: PartnerOrder;
  /** The answer to each further call; the last one repeats for ever. */
  readonly script: DecodeStep[];
}

/** The fields of a notification that Alipay+ compares with the first one. */
const COMPARED = ['paymentResult', 'paymentId', 'paymentAmount', 'payToAmount', 'customerId'];

/** The books of Alipay+: its decisions, and the messages it got. */
export class AlipayPlusBooks {
  readonly orders = new Map<string, PartnerOrder>();
  readonly codes = new Map<string, PartnerCode>();
  private readonly asked = new Map<string, number>();

  constructor(private readonly random: SeededRandom) {}

  newOrder(nowMs: number): PartnerOrder {
    const { random } = this;
    const n = this.orders.size + 1;
    const lifeMs = random.chance(0.5) ? random.between(15_000, 60_000) : random.between(60_000, 300_000);
    const isForeign = random.chance(0.6);
    const isSurcharged = isForeign && random.chance(0.4);
    // Some amounts are beyond what a number can hold exactly.
    const value = random.chance(0.2) ? 9_007_199_254_740_993n + BigInt(n) : BigInt(random.between(1, 99_999));
    const payTo = isForeign ? value * 5n + 3n : value;
    const order: PartnerOrder = {
      paymentRequestId: `order-${n}`,
      paymentAmount: { currency: isForeign ? 'JPY' : 'HKD', value: String(value) },
      payToAmount: { currency: 'HKD', value: String(payTo) },
      payAmount: { currency: 'HKD', value: String(isSurcharged ? payTo + 7n : payTo) },
      isSurcharged,
      isHeld: random.chance(0.06),
      expiresAtMs: nowMs + lifeMs,
      notifyMode: random.chance(0.08) ? 'never' : 'acknowledges',
      acknowledged: false,
      inquired: [],
      areCommitsLost: false,
      ...(isForeign ? { quoteId: `quote-${n}` } : {}),
      ...(isForeign && random.chance(0.6) ? { quoteExpiresAtMs: nowMs + random.between(8_000, lifeMs) } : {}),
    };
    this.orders.set(order.paymentRequestId, order);
    return order;
  }

  newCode(order: PartnerOrder): PartnerCode {
    const { random } = this;
    const script: DecodeStep[] = [];
    while (random.chance(0.3)) script.push(random.chance(0.5) ? 'U' : 'THROTTLED');
    script.push(random.chance(0.08) ? random.pick(['F', 'U']) : 'S');
    const code = { codeValue: `code-${this.codes.size + 1}`, order, script };
    this.codes.set(code.codeValue, code);
    return code;
  }

  /** The decision about one call of userInitiatedPay. */
  decode(codeValue: string, customerId: string): { readonly step: DecodeStep; readonly order: PartnerOrder } {
    const code = this.codes.get(codeValue);
    if (!code) throw new Error(`nobody made ${codeValue}`);
    const { ownerId } = code.order;
    if (ownerId !== undefined && ownerId !== customerId) return { step: 'F', order: code.order };
    const count = this.asked.get(codeValue) ?? 0;
    this.asked.set(codeValue, count + 1);
    return { step: code.script[Math.min(count, code.script.length - 1)] ?? 'S', order: code.order };
  }

  /** Records the bytes of a notification; a repetition with another content breaks guarantee 4. */
  take(body: Buffer): PartnerOrder {
    const message = JSON.parse(body.toString()) as Record<string, unknown>; // our own writer writes an object
    const order = this.orders.get(String(message['paymentRequestId']));
    if (!order)
      throw new Violation(6, `a result for ${String(message['paymentRequestId'])}, which nobody made`);
    if (!order.told || order.areCommitsLost) {
      order.told = body;
      return order;
    }
    const first = JSON.parse(order.told.toString()) as Record<string, unknown>; // as above
    const differing = COMPARED.filter(
      (name) => JSON.stringify(first[name]) !== JSON.stringify(message[name]),
    );
    if (differing.length > 0 || !order.told.equals(body)) {
      throw new Violation(4, `a repeated notification differs: ${differing.join(', ') || 'its bytes'}`, [
        order.paymentRequestId,
      ]);
    }
    return order;
  }

  /**
   * The service has lost commits: from here on its answers about its orders may differ from those before.
   *
   * @param owners the customers of the orders it had
   */
  commitsAreLost(owners: ReadonlyMap<string, string>): void {
    for (const order of this.orders.values()) {
      const ownerId = owners.get(order.paymentRequestId);
      order.areCommitsLost = true;
      order.inquired.length = 0;
      delete order.cancelAnsweredMs;
      if (ownerId !== undefined) order.ownerId = ownerId;
    }
  }

  /** Until when the order may be debited, in virtual time. */
  static payableUntilMs(order: PartnerOrder): number {
    return Math.min(order.expiresAtMs, order.quoteExpiresAtMs ?? Number.POSITIVE_INFINITY);
  }
}

/** The answer to userInitiatedPay for an order, as it goes over the wire. */
export function successBody(order: PartnerOrder): Record<string, unknown> {
  const { quoteId, quoteExpiresAtMs, payAmount, isSurcharged } = order;
  const quote = quoteId && {
    quoteId,
    quoteCurrencyPair: 'JPY/HKD',
    quotePrice: '5',
    ...(quoteExpiresAtMs === undefined ? {} : { quoteExpiryTime: wireTime(quoteExpiresAtMs) }),
  };
  return {
    result: { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' },
    acquirerId: '1020',
    pspId: '1022',
    codeType: 'ORDER_CODE',
    paymentRequestId: order.paymentRequestId,
    paymentFactor: { isInStorePayment: true, isCashierPayment: true, needSurcharge: isSurcharged },
    paymentAmount: order.paymentAmount,
    payToAmount: order.payToAmount,
    paymentExpiryTime: wireTime(order.expiresAtMs),
    paymentNotifyUrl: 'https://partner.example/notifyPayment',
    ...(quote ? { paymentQuote: quote } : {}),
    ...(isSurcharged ? { surchargeInfo: { surchargeAmount: payAmount, surchargeQuote: quote } } : {}),
    ...(order.isHeld ? { actionForm: { actionType: 'HANDLE_BY_SDK', sdkActionPayload: 'opaque' } } : {}),
  };
}

function wireTime(ms: number): string {
  return new Date(EPOCH_MS + ms).toISOString().replace('Z', '+00:00');
}
