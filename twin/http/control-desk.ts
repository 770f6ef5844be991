import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Behaviour } from '../behaviour.js';
import type { Books } from '../books/books.js';
import type { CallLog } from '../books/call-log.js';
import { codeRow, orderRow } from '../books/order-row.js';
import { summaryOf } from '../books/summary.js';
import type { MppExchange } from '../books/twin-event.js';
import { helpText } from '../help.js';
import type { Cancels } from '../mpp/cancels.js';
import type { Inquiries } from '../mpp/inquiries.js';
import type { Refunds } from '../mpp/refunds.js';
import type { MppClient } from '../mpp/mpp-client.js';
import type { MessageSigner } from '../wire/message-signer.js';
import { isObject, readObject, textAt, type JsonObject } from '../wire/json.js';
import type { InFlight } from './in-flight.js';
import { isLoopback } from './loopback.js';
import { readBody } from './read-body.js';

export interface ControlDeskParts {
  readonly books: Books;
  readonly calls: CallLog;
  readonly behaviour: Behaviour;
  readonly inFlight: InFlight;
  readonly cancels: Cancels;
  readonly inquiries: Inquiries;
  readonly refunds: Refunds;
  readonly client: MppClient;
  readonly signer: MessageSigner;
}

type Route = (context: RouteContext) => Promise<void> | void;

interface RouteContext {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  /** The id in the path, where the path has one. */
  readonly id: string;
}

/** /_twin: where a test or a person reads and controls the twin. It needs no token, so it is only for this machine. */
export class ControlDesk {
  readonly #parts: ControlDeskParts;
  readonly #routes: Readonly<Record<string, Route>>;

  constructor(parts: ControlDeskParts) {
    this.#parts = parts;
    this.#routes = {
      'GET /_twin': ({ response }) => sendText(response, helpText()),
      'GET /_twin/orders': ({ response, query }) => sendRows(response, this.#orderRows(query)),
      'GET /_twin/calls': ({ response, query }) => sendRows(response, this.#callRows(query)),
      'GET /_twin/summary': ({ response }) => sendJson(response, 200, this.#summary()),
      'GET /_twin/behaviour': ({ response }) => sendJson(response, 200, this.#behaviour()),
      'POST /_twin/behaviour': (context) => this.#changeBehaviour(context),
      'POST /_twin/reset': (context) => this.#reset(context),
      'POST /_twin/orders/{id}/cancel': ({ response, id }) => sendExchange(response, parts.cancels.send(id)),
      'POST /_twin/orders/{id}/inquire': ({ response, id }) =>
        sendExchange(response, parts.inquiries.send(id)),
      'POST /_twin/orders/{id}/refund': (context) => this.#refund(context),
      'POST /_twin/orders/{id}/inquirerefund': (context) => this.#inquireRefund(context),
    };
  }

  async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://twin');
    const [, before = url.pathname, id = '', after = ''] =
      /^(\/_twin\/orders\/)([^/]+)(\/[a-z]+)$/.exec(url.pathname) ?? [];
    const path = after === '' ? before : `${before}{id}${after}`;
    const route = this.#routes[`${request.method} ${path}`];
    if (!isLocal(request)) return sendJson(response, 403, { error: '/_twin answers this machine only' });
    if (route === undefined) return sendJson(response, 404, { error: 'no such thing, see GET /_twin' });
    await route({ request, response, query: url.searchParams, id: decodeURIComponent(id) });
  }

  *#orderRows(query: URLSearchParams): Generator<JsonObject> {
    const { books } = this.#parts;
    const codeValue = query.get('codeValue');
    const paymentRequestId = query.get('paymentRequestId');
    for (const order of books.orders) {
      const isAsked = codeValue === null || order.codes.some((code) => code.codeValue === codeValue);
      if (isAsked && (paymentRequestId ?? order.paymentRequestId) === order.paymentRequestId)
        yield orderRow(order);
    }
    if (paymentRequestId !== null) return;
    for (const code of books.codes) {
      if (code.paymentRequestId === null && (codeValue ?? code.codeValue) === code.codeValue)
        yield codeRow(code);
    }
  }

  *#callRows(query: URLSearchParams): Generator<JsonObject> {
    const codeValue = query.get('codeValue');
    const path = query.get('path');
    for (const row of this.#parts.calls.rows) {
      if (codeValue !== null && row.codeValue !== codeValue) continue;
      if (path !== null && row.path !== path) continue;
      const code = row.codeValue === null ? undefined : this.#parts.books.code(row.codeValue);
      yield {
        ...row,
        signatureValid: row.signature === 'valid',
        maxInFlight: code?.maxInFlight ?? row.inFlight,
      };
    }
  }

  #summary(): JsonObject {
    const { books, calls, inFlight } = this.#parts;
    return { ...summaryOf(books), maxInFlightPerCode: inFlight.highest, answers: calls.counts };
  }

  #behaviour(): JsonObject {
    const { behaviour, client, signer } = this.#parts;
    return { ...behaviour.row, mppBaseUrl: client.baseUrl, keyVersion: signer.keyVersion };
  }

  async #changeBehaviour({ request, response }: RouteContext): Promise<void> {
    const body = readObject((await readBody(request)) ?? Buffer.alloc(0));
    if (body === null) return sendJson(response, 400, { error: 'the body must be a JSON object' });
    const { mppBaseUrl, keyVersion, ...changes } = body.object;
    if (mppBaseUrl !== undefined && mppBaseUrl !== null && !isHttpUrl(mppBaseUrl)) {
      return sendJson(response, 400, { error: 'mppBaseUrl must be an http or https URL, or null' });
    }
    const { behaviour, signer } = this.#parts;
    if (keyVersion !== undefined && !signer.has(keyVersion)) {
      return sendJson(response, 400, {
        error: 'keyVersion must be the version of a key that was configured',
      });
    }
    const error = behaviour.change(changes);
    if (error !== null) return sendJson(response, 400, { error });
    if (keyVersion !== undefined) signer.turnTo(keyVersion);
    if (mppBaseUrl !== undefined) this.#parts.client.baseUrl = mppBaseUrl;
    sendJson(response, 200, this.#behaviour());
  }

  async #refund({ request, response, id }: RouteContext): Promise<void> {
    const fields = readObject((await readBody(request)) ?? Buffer.alloc(0))?.object;
    const refundRequestId = textAt(fields, 'refundRequestId') ?? `refund-${randomUUID()}`;
    await sendExchange(response, this.#parts.refunds.send(id, { ...fields, refundRequestId }));
  }

  async #inquireRefund({ request, response, id }: RouteContext): Promise<void> {
    const fields = readObject((await readBody(request)) ?? Buffer.alloc(0))?.object;
    const refundRequestId = textAt(fields, 'refundRequestId') ?? '';
    await sendExchange(response, this.#parts.refunds.inquire(id, refundRequestId));
  }

  async #reset({ response }: RouteContext): Promise<void> {
    const { books, calls, behaviour, inFlight } = this.#parts;
    calls.clear();
    behaviour.reset();
    inFlight.resetHighest();
    await books.reset();
    sendJson(response, 200, { reset: true });
  }
}

/** A web page may call a local port too, but never without an Origin header. */
function isLocal(request: IncomingMessage): boolean {
  return isLoopback(request.socket.remoteAddress ?? '') && request.headers.origin === undefined;
}

function isHttpUrl(value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\/[^/]/.test(value) && URL.canParse(value);
}

function sendText(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'Content-Type': 'text/plain; charset=UTF-8' });
  response.end(text);
}

function sendJson(response: ServerResponse, httpStatus: number, body: JsonObject): void {
  response.writeHead(httpStatus, { 'Content-Type': 'application/json; charset=UTF-8' });
  response.end(`${JSON.stringify(body)}\n`);
}

async function sendExchange(response: ServerResponse, exchange: Promise<MppExchange | null>): Promise<void> {
  const done: unknown = await exchange;
  if (isObject(done)) sendJson(response, 200, done);
  else sendJson(response, 409, { error: 'mppBaseUrl is not set, see GET /_twin' });
}

const ROWS_AT_ONCE = 200;

/** A JSON list written in pieces: the books of a load test must not stop the twin while they are read. */
async function sendRows(response: ServerResponse, rows: Iterable<JsonObject>): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'application/json; charset=UTF-8' });
  // A reader that hangs up half-way has had enough; nothing needs to be done about it.
  await pipeline(Readable.from(pieces(rows)), response).catch(() => undefined);
}

async function* pieces(rows: Iterable<JsonObject>): AsyncGenerator<string> {
  let piece: string[] = [];
  let separator = '[';
  for (const row of rows) {
    piece.push(`${separator}${JSON.stringify(row)}`);
    separator = ',\n';
    if (piece.length < ROWS_AT_ONCE) continue;
    yield piece.join('');
    piece = [];
    await new Promise(setImmediate);
  }
  yield `${piece.join('')}${separator === '[' ? '[' : ''}]\n`;
}
