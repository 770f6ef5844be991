import type { Behaviour } from '../behaviour.js';
import type { Books } from '../books/books.js';
import type { OrderRecord } from '../books/order.js';
import type { FollowUps } from '../mpp/follow-ups.js';
import { stepOfCall, type NotifyStep } from '../script/script.js';
import { readObject, textAt, type JsonObject } from '../wire/json.js';
import { failed, resultOf, type Step } from '../wire/result.js';
import type { Answers } from './answers.js';
import type { Api, Inbound } from './inbound.js';
import { notificationRefusal, type NotificationRefusal } from './notification-rules.js';
import { notifyReply } from './notify-reply.js';
import { resultReply } from './reply.js';

export interface NotifyPaymentParts {
  readonly books: Books;
  readonly answers: Answers;
  readonly behaviour: Behaviour;
  readonly followUps: FollowUps;
}

interface Told {
  readonly text: string;
  readonly object: JsonObject;
  readonly paymentRequestId: string;
}

/** Takes final results from the MPP, checks them, and answers as the order's script says. */
export class NotifyPayment implements Api {
  readonly #parts: NotifyPaymentParts;

  constructor(parts: NotifyPaymentParts) {
    this.#parts = parts;
  }

  async answer(inbound: Inbound): Promise<void> {
    const { books, behaviour } = this.#parts;
    const told = toldBy(inbound);
    const order = books.order(told.paymentRequestId);
    inbound.row.paymentRequestId = told.paymentRequestId || null;
    inbound.row.codeValue = order?.codes[0]?.codeValue ?? null;
    const refusal = notificationRefusal(told.object, order);
    if (refusal !== null || order === undefined) return this.#refuse(inbound, told, refusal);
    const script = books.scriptOf(order);
    const step =
      behaviour.everyNotification?.step ?? stepOfCall(script.notify, order.acceptedNotifications + 1);
    await this.#keep(inbound, told, { answered: nameOf(step), isAccepted: true });
    return this.#play(inbound, step, order, told);
  }

  async #refuse(inbound: Inbound, told: Told, refusal: NotificationRefusal | null): Promise<void> {
    const { books, answers } = this.#parts;
    const code = refusal?.code ?? 'ORDER_NOT_EXIST';
    const { paymentRequestId } = told;
    // Only an issued order keeps its refused notifications; invented ids must not fill the books.
    if (books.order(paymentRequestId)?.terms) {
      await this.#keep(inbound, told, { answered: `F.${code}`, isAccepted: false });
    }
    const defect = { at: inbound.row.at, paymentRequestId: paymentRequestId || null };
    if (refusal !== null) {
      const { kind, detail } = refusal;
      await books.record({ kind: 'defect', defect: { ...defect, kind, detail } });
    }
    if (await answers.whenDue(inbound))
      await answers.send(inbound, resultReply(failed(code, refusal?.detail)));
  }

  async #play(inbound: Inbound, step: NotifyStep, order: OrderRecord, told: Told): Promise<void> {
    const { answers } = this.#parts;
    if (!(await answers.whenDue(inbound, step.kind === 'slow' ? step.delayMs : 0))) return;
    if (step.kind === 'drop') return inbound.drop();
    const success = acknowledgement(step);
    if (success === null) return void (await answers.send(inbound, notifyReply(step, inbound.uri)));
    const resultStatus = textAt(told.object, 'paymentResult', 'resultStatus') ?? '';
    // Before the answer is sent: its receiver may read the books at once.
    await this.#parts.books.record({
      kind: 'acknowledged',
      paymentRequestId: order.paymentRequestId,
      resultStatus,
      atMs: Date.now(),
    });
    await answers.send(inbound, resultReply(resultOf(success)));
    if (resultStatus === 'S') {
      this.#parts.followUps.afterPaid(order, this.#parts.books.scriptOf(order));
    }
  }

  #keep(
    inbound: Inbound,
    told: Told,
    verdict: { readonly answered: string; readonly isAccepted: boolean },
  ): Promise<void> {
    return this.#parts.books.record({
      kind: 'notification',
      paymentRequestId: told.paymentRequestId,
      notification: {
        at: inbound.row.at,
        requestTime: inbound.row.requestTime ?? '',
        body: told.text,
        bodySha256: inbound.row.bodySha256 ?? '',
        resultStatus: textAt(told.object, 'paymentResult', 'resultStatus'),
        resultCode: textAt(told.object, 'paymentResult', 'resultCode'),
        paymentId: textAt(told.object, 'paymentId'),
        ...verdict,
      },
    });
  }
}

/** A body that cannot be read counts as an empty notification, and is refused like one. */
function toldBy(inbound: Inbound): Told {
  const { text, object } = readObject(inbound.body) ?? { text: '', object: {} };
  return { text, object, paymentRequestId: textAt(object, 'paymentRequestId') ?? '' };
}

function acknowledgement(step: NotifyStep): Step | null {
  if (step.kind === 'slow') return { status: 'S', code: 'SUCCESS' };
  return step.kind === 'result' && step.step.status === 'S' ? step.step : null;
}

function nameOf(step: NotifyStep): string {
  if (step.kind === 'result') return `${step.step.status}.${step.step.code}`;
  return step.kind === 'http' ? String(step.httpStatus) : step.kind;
}
