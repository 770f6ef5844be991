import { parseScript } from '../script/parse-script.js';
import { expiresAtMs, successBody } from '../script/success-body.js';
import { PLAIN_SCRIPT, type Script } from '../script/script.js';
import { readObject, textAt, valueAt } from '../wire/json.js';
import { BoundedList } from './bounded-list.js';
import type { Journal } from './journal.js';
import { OrderRecord, type CodeRecord } from './order.js';
import type { Defect, MppExchange, TwinEvent } from './twin-event.js';

type EventOf<Kind extends TwinEvent['kind']> = Extract<TwinEvent, { kind: Kind }>;

/** The records of the twin: decoded codes, orders, notifications received, calls made. */
export class Books {
  readonly #codes = new Map<string, CodeRecord>();
  readonly #orders = new Map<string, OrderRecord>();
  readonly #journal: Journal | null;
  defects = new BoundedList<Defect>(500, 500);

  constructor(journal: Journal | null) {
    this.#journal = journal;
  }

  /** Reads the journal back, if there is one. */
  async restore(): Promise<void> {
    await this.#journal?.replay((event) => this.#apply(event));
  }

  /**
   * The event counts at once, before anything is awaited, so two requests in one turn of the event loop see each other.
   * The promise resolves when it is in the journal: answer the MPP only after that, or a killed twin forgets its
   * answer.
   */
  async record(event: TwinEvent): Promise<void> {
    this.#apply(event);
    await this.#journal?.append(event);
  }

  async reset(): Promise<void> {
    this.#codes.clear();
    this.#orders.clear();
    this.defects = new BoundedList<Defect>(500, 500);
    await this.#journal?.clear();
  }

  code(codeValue: string): CodeRecord | undefined {
    return this.#codes.get(codeValue);
  }

  order(paymentRequestId: string): OrderRecord | undefined {
    return this.#orders.get(paymentRequestId);
  }

  get codes(): Iterable<CodeRecord> {
    return this.#codes.values();
  }

  get orders(): Iterable<OrderRecord> {
    return this.#orders.values();
  }

  /** The script of the code an order came from; a plain one for an order that never was issued. */
  scriptOf(order: OrderRecord): Script {
    const [code] = order.codes;
    const parsed = code && parseScript(code.codeValue);
    return parsed?.ok ? parsed.script : PLAIN_SCRIPT;
  }

  #apply(event: TwinEvent): void {
    switch (event.kind) {
      case 'call':
        return this.#applyCall(event);
      case 'order':
        return this.#applyOrder(event);
      case 'notification':
        return this.#applyNotification(event);
      case 'acknowledged':
        return this.#applyAcknowledged(event);
      case 'cancelling':
        this.#orderFor(event.paymentRequestId).isCancelWanted = true;
        return;
      case 'refunding':
        this.#orderFor(event.paymentRequestId).refundBook.set(event.refund.refundRequestId, {
          fields: event.refund,
          result: null,
        });
        return;
      case 'exchange':
        return this.#applyExchange(event);
      case 'defect':
        this.defects.add(event.defect);
    }
  }

  #applyCall(event: EventOf<'call'>): void {
    const { codeValue, customerId } = event;
    let code = this.#codes.get(codeValue);
    if (code === undefined) {
      code = {
        codeValue,
        customerId,
        calls: 0,
        maxInFlight: 0,
        lastResult: '',
        paymentRequestId: null,
      };
      this.#codes.set(codeValue, code);
    }
    code.calls = event.call;
    code.lastResult = `${event.status}.${event.code}`;
  }

  #applyOrder(event: EventOf<'order'>): void {
    const code = this.#codes.get(event.codeValue);
    const parsed = parseScript(event.codeValue);
    if (code === undefined || !parsed.ok || code.paymentRequestId !== null) return;
    const order = this.#orderFor(event.paymentRequestId);
    code.paymentRequestId = event.paymentRequestId;
    order.codes.push(code);
    if (order.terms !== null) return;
    const body = successBody(parsed.script, event);
    order.terms = {
      createdAtMs: event.createdAtMs,
      expiresAtMs: body['paymentExpiryTime'] === undefined ? null : expiresAtMs(parsed.script, event),
      paymentNotifyUrl: event.paymentNotifyUrl,
      paymentExpiryTime: body['paymentExpiryTime'] ?? null,
      orderAmount: valueAt(body, 'order', 'orderAmount'),
      paymentAmount: body['paymentAmount'],
      payToAmount: body['payToAmount'],
      paymentQuote: body['paymentQuote'],
      surchargeInfo: body['surchargeInfo'],
    };
  }

  #applyNotification(event: EventOf<'notification'>): void {
    const order = this.#orderFor(event.paymentRequestId);
    order.notifications.add(event.notification);
    if (!event.notification.isAccepted) return;
    order.acceptedNotifications += 1;
    order.firstAccepted ??= readObject(Buffer.from(event.notification.body))?.object ?? null;
  }

  #applyAcknowledged(event: EventOf<'acknowledged'>): void {
    const order = this.#orderFor(event.paymentRequestId);
    order.acknowledgedResult ??= event.resultStatus;
    order.acknowledgedAtMs ??= event.atMs;
  }

  #applyExchange(event: EventOf<'exchange'>): void {
    const order = this.#orderFor(event.paymentRequestId);
    const { exchange } = event;
    listOf(order, exchange.api).add(exchange);
    if (exchange.api === 'refund') this.#applyRefund(order, exchange);
    if (exchange.api === 'cancelPayment' && exchange.resultStatus === 'S') order.isCancelAnswered = true;
  }

  /** A refused contradiction says nothing about the refund that it contradicts. */
  #applyRefund(
    order: OrderRecord,
    { refundRequestId = '', resultStatus, resultCode, answer }: MppExchange,
  ): void {
    const refund = order.refundBook.get(refundRequestId);
    const isFinal =
      resultStatus === 'S' || (resultStatus === 'F' && resultCode !== 'REPEAT_REQ_INCONSISTENT');
    if (!refund || !isFinal) return;
    refund.result ??= `${resultStatus} ${textAt(answer, 'refundId') ?? ''} ${textAt(answer, 'refundTime') ?? ''}`;
  }

  #orderFor(paymentRequestId: string): OrderRecord {
    let order = this.#orders.get(paymentRequestId);
    if (order === undefined) {
      order = new OrderRecord(paymentRequestId);
      this.#orders.set(paymentRequestId, order);
    }
    return order;
  }
}

function listOf(order: OrderRecord, api: MppExchange['api']): BoundedList<MppExchange> {
  if (api === 'cancelPayment') return order.cancels;
  return api === 'inquiryPayment' ? order.inquiries : order.refunds;
}
