import { createHash } from 'node:crypto';
import type { Behaviour } from '../behaviour.js';
import type { Books } from '../books/books.js';
import type { OrderRecord } from '../books/order.js';
import type { FollowUps } from '../mpp/follow-ups.js';
import { parseScript } from '../script/parse-script.js';
import { planOfCall, type CallPlan, type Script } from '../script/script.js';
import { successBody } from '../script/success-body.js';
import { failed, resultOf, type Result, type Step } from '../wire/result.js';
import type { Answers } from './answers.js';
import type { InFlight } from './in-flight.js';
import type { Api, Inbound } from './inbound.js';
import { markedRedirect } from './paths.js';
import { garbageReply, resultReply, type Dress, type Reply } from './reply.js';
import { readUserInitiatedPay, type UserInitiatedPayRequest } from './request-rules.js';

export interface UserInitiatedPayParts {
  readonly books: Books;
  readonly answers: Answers;
  readonly behaviour: Behaviour;
  readonly inFlight: InFlight;
  readonly followUps: FollowUps;
  readonly paymentNotifyUrl: () => string;
}

/** Decodes a code as its own script describes. */
export class UserInitiatedPay implements Api {
  readonly #parts: UserInitiatedPayParts;

  constructor(parts: UserInitiatedPayParts) {
    this.#parts = parts;
  }

  async answer(inbound: Inbound): Promise<void> {
    const read = readUserInitiatedPay(inbound.body);
    if (!read.ok) return this.#say(inbound, failed('PARAM_ILLEGAL', read.fault));
    const { codeValue, customerId } = read.request;
    const { books, behaviour, inFlight } = this.#parts;
    inbound.row.codeValue = codeValue;
    inbound.row.customerId = customerId;
    inbound.row.inFlight = inFlight.enter(codeValue);
    inbound.onSettled(() => inFlight.leave(codeValue));
    if (behaviour.everyUserInitiatedPay) {
      return this.#say(inbound, resultOf(behaviour.everyUserInitiatedPay.step));
    }
    const owner = books.code(codeValue)?.customerId ?? customerId;
    if (owner !== customerId) return this.#say(inbound, failed('REPEAT_REQ_INCONSISTENT'));
    const parsed = parseScript(codeValue);
    if (parsed.ok) return this.#play(inbound, read.request, parsed.script);
    await this.#record(inbound, read.request, { status: 'F', code: 'INVALID_CODE' });
    return this.#say(inbound, failed('INVALID_CODE', parsed.fault));
  }

  async #play(inbound: Inbound, request: UserInitiatedPayRequest, script: Script): Promise<void> {
    const { answers, behaviour, followUps } = this.#parts;
    const plan = planOfCall(script, this.#callNumber(request.codeValue));
    const order = await this.#record(inbound, request, plan.step, script);
    inbound.row.paymentRequestId = order?.paymentRequestId ?? null;
    if (!(await answers.whenDue(inbound, plan.delayMs))) return;
    if (plan.troubles.has('drop')) return inbound.drop();
    const isSent = await answers.send(inbound, scriptedReply(inbound, plan, script, order));
    // The MPP cannot use a success that it cannot read, so nothing follows from it yet.
    const isTrue = plan.troubles.size === 0 && behaviour.everyAnswer === null;
    const isReadable = isTrue && plan.httpStatus === 200;
    if (isSent && isReadable && order !== null) followUps.afterSuccess(order, script);
  }

  #callNumber(codeValue: string): number {
    return (this.#parts.books.code(codeValue)?.calls ?? 0) + 1;
  }

  /**
   * Records the call and, at the first S, the order. Both count before the first await, so parallel calls get one
   * order.
   */
  async #record(
    inbound: Inbound,
    request: UserInitiatedPayRequest,
    step: Step,
    script?: Script,
  ): Promise<OrderRecord | null> {
    const { books, paymentNotifyUrl } = this.#parts;
    const { codeValue, customerId } = request;
    const call = this.#callNumber(codeValue);
    const written = [books.record({ kind: 'call', codeValue, customerId, call, ...step })];
    const code = books.code(codeValue);
    if (code) code.maxInFlight = Math.max(code.maxInFlight, inbound.row.inFlight);
    const paymentRequestId = script?.request ?? paymentRequestIdFor(codeValue);
    const isOrder = script !== undefined && step.status === 'S';
    if (isOrder && code?.paymentRequestId === null) {
      const order = { paymentRequestId, createdAtMs: Date.now(), paymentNotifyUrl: paymentNotifyUrl() };
      written.push(books.record({ kind: 'order', codeValue, ...order }));
    }
    const order = isOrder ? books.order(paymentRequestId) : undefined;
    await Promise.all(written);
    return order ?? null;
  }

  async #say(inbound: Inbound, result: Result): Promise<void> {
    if (await this.#parts.answers.whenDue(inbound))
      await this.#parts.answers.send(inbound, resultReply(result));
  }
}

function scriptedReply(inbound: Inbound, plan: CallPlan, script: Script, order: OrderRecord | null): Reply {
  if (plan.troubles.has('garbage')) return garbageReply(dressOf(plan), plan.httpStatus);
  const result = resultOf(plan.step);
  const isRedirect = plan.httpStatus >= 300 && plan.httpStatus < 400;
  return {
    ...resultReply(result, dressOf(plan), plan.httpStatus),
    ...(order?.terms ? { body: orderBody(script, order.paymentRequestId, order.terms) } : {}),
    ...(isRedirect ? { location: markedRedirect(inbound.uri) } : {}),
  };
}

function orderBody(
  script: Script,
  paymentRequestId: string,
  terms: { readonly createdAtMs: number; readonly paymentNotifyUrl: string },
): Buffer {
  return Buffer.from(JSON.stringify(successBody(script, { paymentRequestId, ...terms })));
}

function dressOf(plan: CallPlan): Dress {
  if (plan.troubles.has('unsigned')) return 'unsigned';
  return plan.troubles.has('badsig') ? 'badsig' : 'signed';
}

/** The same code gives the same id even when the twin has lost its books. */
function paymentRequestIdFor(codeValue: string): string {
  const hex = createHash('sha256').update(codeValue).digest('hex').slice(0, 26);
  return BigInt(`0x${hex}`).toString().padStart(32, '0');
}
