import type { AlipayPlusClient } from '../../../src/alipay-plus/calls/alipay-plus.client.js';
import type { Exchange } from '../../../src/alipay-plus/calls/exchange.js';
import { judgeAnswer, type AnswerToJudge } from '../../../src/alipay-plus/calls/judge-answer.js';
import { readUserInitiatedPay } from '../../../src/alipay-plus/messages/user-initiated-pay.js';
import type { Scheduler } from '../engine/scheduler.js';
import type { SimProcess } from '../engine/sim-process.js';
import { successBody, type AlipayPlusBooks, type PartnerOrder } from './alipay-plus-books.js';
import type { Faults } from './faults.js';
import type { Network } from './network.js';

/** An answer as it comes over the wire, before it is judged. */
interface WireAnswer {
  readonly httpStatus: number;
  readonly verdict: AnswerToJudge['verdict'];
  readonly body?: Record<string, unknown>;
}

type Answer = WireAnswer | undefined;

/** The judge of answers; a mistake here is one of the mutants. */
export type Judge = typeof judgeAnswer;

const VERIFIED = { verified: true } as const;
const SUCCESS = { resultStatus: 'S', resultCode: 'SUCCESS' };
const UNKNOWN = { resultStatus: 'U', resultCode: 'UNKNOWN_EXCEPTION' };
const THROTTLED = { resultStatus: 'U', resultCode: 'REQUEST_TRAFFIC_EXCEED_LIMIT' };

export interface AlipayPlusLooks {
  readonly decodeLeaves: (body: Buffer) => Promise<void>;
  readonly notificationLeaves: (body: Buffer) => Promise<void>;
}

/** The client of one process for Alipay+. Its answers are judged and read by the service's own code. */
export class SimAlipayPlus implements Pick<AlipayPlusClient, 'userInitiatedPay' | 'notifyPayment'> {
  constructor(
    private readonly owner: SimProcess,
    private readonly network: Network,
    private readonly books: AlipayPlusBooks,
    private readonly scheduler: Scheduler,
    private readonly faults: Faults,
    private readonly looks: AlipayPlusLooks,
    private readonly judge: Judge,
  ) {}

  async userInitiatedPay(body: Buffer): ReturnType<AlipayPlusClient['userInitiatedPay']> {
    const request = JSON.parse(body.toString()) as { codeValue: string; customerId: string }; // our own writer wrote it
    const { codeValue, customerId } = request;
    const leaves = (): Promise<void> => this.looks.decodeLeaves(body);
    const answer = await this.call(
      `decode ${codeValue}`,
      8_000,
      () => this.decode(codeValue, customerId),
      leaves,
    );
    const exchange = this.exchangeOf(answer);
    if (exchange.outcome !== 'accepted') return exchange;
    const reading = readUserInitiatedPay(Buffer.from(JSON.stringify(answer?.body)));
    return reading.readable ? { ...exchange, body: reading } : exchange;
  }

  async notifyPayment(_url: string, body: Buffer): ReturnType<AlipayPlusClient['notifyPayment']> {
    const { paymentRequestId } = JSON.parse(body.toString()) as { paymentRequestId: string }; // as above
    const leaves = (): Promise<void> => this.looks.notificationLeaves(body);
    return this.exchangeOf(
      await this.call(`notify ${paymentRequestId}`, 5_000, () => this.take(body), leaves),
    );
  }

  private decode(codeValue: string, customerId: string): Answer {
    const { step, order } = this.books.decode(codeValue, customerId);
    const body = step === 'S' ? successBody(order) : { result: DECODE_RESULTS[step] };
    return this.orLie({ httpStatus: 200, verdict: VERIFIED, body }, forged(order));
  }

  private take(body: Buffer): Answer {
    const order = this.books.take(body);
    const isTaken = order.notifyMode === 'acknowledges';
    const result = isTaken ? SUCCESS : UNKNOWN;
    const answer = this.orLie({ httpStatus: 200, verdict: VERIFIED, body: { result } }, { result: SUCCESS });
    if (answer?.verdict.verified === true && answer.httpStatus === 200 && resultOf(answer) === SUCCESS) {
      order.acknowledged = true;
    }
    return answer;
  }

  /** @param forgery a body that somebody else could have made, or that a broken key signed */
  private orLie(answer: WireAnswer, forgery: Record<string, unknown>): Answer {
    const { random } = this.scheduler;
    if (!random.chance(this.faults.lie)) return answer;
    return random.pick<WireAnswer>([
      { httpStatus: 200, verdict: { verified: false, reason: 'unsigned' }, body: forgery },
      { httpStatus: 200, verdict: { verified: false, reason: 'bad_signature' }, body: forgery },
      { httpStatus: 200, verdict: { verified: false, reason: 'unknown_key' }, body: forgery },
      { httpStatus: 200, verdict: VERIFIED, body: { result: UNKNOWN } },
      { httpStatus: 200, verdict: VERIFIED, body: { result: THROTTLED } },
      { httpStatus: 200, verdict: VERIFIED },
      { httpStatus: 500, verdict: VERIFIED, body: forgery },
    ]);
  }

  private exchangeOf(answer: Answer): Exchange<never> {
    const sent = { durationMs: 5, requestTime: '2026-03-01T12:00:00+08:00', keyVersion: '1' };
    if (!answer) return { ...sent, outcome: 'unknown', reason: 'timeout' };
    const { httpStatus, verdict } = answer;
    const result = resultOf(answer);
    const judged = this.judge({ httpStatus, verdict, result });
    return { ...sent, httpStatus, ...judged, ...(result ? { resultCode: result.resultCode } : {}) };
  }

  private call(
    label: string,
    timeoutMs: number,
    arrive: () => Answer,
    leaves: () => Promise<void>,
  ): Promise<Answer> {
    return this.network.call<Answer>({
      from: this.owner,
      to: 'alipay+',
      label,
      timeoutMs,
      arrive,
      describe,
      silence: () => undefined,
      leaves,
    });
  }
}

const DECODE_RESULTS = {
  F: { resultStatus: 'F', resultCode: 'EXPIRED_CODE' },
  U: UNKNOWN,
  THROTTLED,
} as const;

interface ToldResult {
  readonly resultStatus: string;
  readonly resultCode: string;
}

function resultOf({ body }: WireAnswer): ToldResult | undefined {
  return body?.['result'] as ToldResult | undefined; // every body of this file is made with a result
}

function describe(answer: Answer): string {
  if (!answer) return 'nothing';
  const trust = answer.verdict.verified ? '' : ` (${answer.verdict.reason})`;
  return `${answer.httpStatus} ${resultOf(answer)?.resultCode ?? 'no JSON'}${trust}`;
}

/** An unsigned S: trusting it would make an order that Alipay+ does not have. */
function forged(order: PartnerOrder): Record<string, unknown> {
  return { ...successBody(order), paymentRequestId: `forged-${order.paymentRequestId}` };
}
