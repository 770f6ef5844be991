import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Behaviour } from '../behaviour.js';
import type { Books } from '../books/books.js';
import type { CallLog } from '../books/call-log.js';
import type { MessageVerifier } from '../wire/message-verifier.js';
import { failed } from '../wire/result.js';
import type { Answers } from './answers.js';
import { Inbound, type Api } from './inbound.js';
import { NOTIFY_PAYMENT_PATH, REDIRECT_MARK, USER_INITIATED_PAY_PATH } from './paths.js';
import { readBody } from './read-body.js';
import { resultReply, type Reply } from './reply.js';

export interface FrontDoorParts {
  readonly clientId: string;
  readonly verifier: MessageVerifier;
  readonly answers: Answers;
  readonly behaviour: Behaviour;
  readonly books: Books;
  readonly calls: CallLog;
  readonly apis: ReadonlyMap<string, Api>;
}

/** Accepts signed calls of the one client it knows, and keeps a row of every call. */
export class FrontDoor {
  readonly #parts: FrontDoorParts;

  constructor(parts: FrontDoorParts) {
    this.#parts = parts;
  }

  async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { calls, behaviour, answers } = this.#parts;
    const row = calls.open(request.method ?? '', request.url ?? '');
    if (behaviour.isDown) {
      calls.count('dropped while down');
      request.socket.destroy();
      return;
    }
    const body = await readBody(request);
    if (body === null) {
      request.socket.destroy();
      return;
    }
    const inbound = new Inbound(request, response, body, row);
    row.bodySha256 = createHash('sha256').update(body).digest('hex');
    row.requestTime = inbound.header('request-time') ?? null;
    await this.#noticeFollowedRedirect(inbound);
    const refusal = this.#refusal(inbound);
    if (refusal === null) await this.#parts.apis.get(pathOf(inbound))?.answer(inbound);
    else if (await answers.whenDue(inbound)) await answers.send(inbound, refusal);
    calls.count(`${nameOf(pathOf(inbound))} ${outcomeOf(inbound)}`);
  }

  #refusal(inbound: Inbound): Reply | null {
    const { clientId, apis } = this.#parts;
    if (!apis.has(pathOf(inbound))) return resultReply(failed('NO_INTERFACE_DEF'));
    if (inbound.method !== 'POST') return resultReply(failed('METHOD_NOT_SUPPORTED'));
    if (inbound.header('client-id') !== clientId) return resultReply(failed('INVALID_CLIENT'));
    return this.#signatureRefusal(inbound) ?? contentRefusal(inbound);
  }

  #signatureRefusal(inbound: Inbound): Reply | null {
    const { clientId, verifier } = this.#parts;
    const verdict = verifier.verify(
      {
        method: inbound.method,
        uri: inbound.uri,
        clientId,
        time: inbound.header('request-time') ?? '',
        body: inbound.body,
      },
      inbound.header('signature'),
    );
    inbound.row.signature = verdict;
    if (verdict === 'valid') return null;
    if (verdict === 'unknown_key_version') return resultReply(failed('KEY_NOT_FOUND'));
    return resultReply(failed('INVALID_SIGNATURE', `the signature is ${verdict}`), 'unsigned');
  }

  async #noticeFollowedRedirect(inbound: Inbound): Promise<void> {
    if (!inbound.uri.includes(REDIRECT_MARK)) return;
    await this.#parts.books.record({
      kind: 'defect',
      defect: {
        at: inbound.row.at,
        kind: 'REDIRECT_FOLLOWED',
        paymentRequestId: null,
        detail: `${inbound.method} ${inbound.uri}`,
      },
    });
  }
}

function contentRefusal(inbound: Inbound): Reply | null {
  if (!inbound.header('request-time')) return resultReply(failed('PARAM_ILLEGAL', 'Request-Time is missing'));
  const contentType = inbound.header('content-type') ?? 'application/json';
  if (/^application\/json *(;|$)/i.test(contentType)) return null;
  return resultReply(failed('MEDIA_TYPE_NOT_ACCEPTABLE'));
}

function pathOf(inbound: Inbound): string {
  return inbound.uri.split('?', 1)[0] ?? '';
}

function nameOf(path: string): string {
  if (path === USER_INITIATED_PAY_PATH) return 'userInitiatedPay';
  return path === NOTIFY_PAYMENT_PATH ? 'notifyPayment' : 'other';
}

function outcomeOf(inbound: Inbound): string {
  const { httpStatus, resultStatus, resultCode } = inbound.row;
  if (httpStatus === null) return 'without an answer';
  return resultStatus === null ? `HTTP ${httpStatus}` : `${resultStatus}.${resultCode}`;
}
