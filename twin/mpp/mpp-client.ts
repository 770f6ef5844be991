import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { MppExchange } from '../books/twin-event.js';
import { readBody } from '../http/read-body.js';
import { ACQUIRER_ID, PSP_ID } from '../script/success-body.js';
import { readObject, textAt, type JsonObject } from '../wire/json.js';
import type { MessageSigner } from '../wire/message-signer.js';
import type { MessageVerifier } from '../wire/message-verifier.js';
import { RESULT_STATUSES } from '../wire/result.js';
import { timestamp } from '../wire/timestamp.js';

export type MppApi = MppExchange['api'];

export interface MppClientParts {
  readonly clientId: string;
  readonly signer: MessageSigner;
  readonly verifier: MessageVerifier;
  readonly paths: Readonly<Record<MppApi, string>>;
  /** How long Alipay+ waits for the MPP before it hangs up and repeats the call. */
  readonly timeoutsMs: Readonly<Record<MppApi, number>>;
}

interface Raw {
  readonly response: IncomingMessage;
  readonly body: Buffer;
}

const MAX_ANSWER_BYTES = 262_144;

/** Calls the MPP as Alipay+ does: signed, with short time-outs, and trusting only signed answers. */
export class MppClient {
  readonly #parts: MppClientParts;
  readonly #agents = {
    'http:': new HttpAgent({ keepAlive: true }),
    'https:': new HttpsAgent({ keepAlive: true }),
  };
  /** Null while the address of the MPP is unknown. */
  baseUrl: string | null;

  constructor(parts: MppClientParts, baseUrl: string | null) {
    this.#parts = parts;
    this.baseUrl = baseUrl;
  }

  /** @param fields the fields of the call besides the ids that every call has */
  async call(api: MppApi, paymentRequestId: string, fields: JsonObject = {}): Promise<MppExchange> {
    const url = new URL(`${(this.baseUrl ?? '').replace(/\/+$/, '')}${this.#parts.paths[api]}`);
    const ids = { acquirerId: ACQUIRER_ID, pspId: PSP_ID, paymentRequestId };
    const body = Buffer.from(JSON.stringify({ ...ids, ...fields }));
    const refundRequestId = textAt(fields, 'refundRequestId');
    const startedAtMs = Date.now();
    const requestTime = timestamp(startedAtMs);
    const outcome = await this.#outcome(api, url, body, requestTime);
    return {
      api,
      at: new Date(startedAtMs).toISOString(),
      requestTime,
      durationMs: Date.now() - startedAtMs,
      ...(refundRequestId !== null && { refundRequestId }),
      ...(fields['refundAmount'] !== undefined && { refundAmount: fields['refundAmount'] }),
      ...outcome,
    };
  }

  close(): void {
    this.#agents['http:'].destroy();
    this.#agents['https:'].destroy();
  }

  async #outcome(api: MppApi, url: URL, body: Buffer, requestTime: string): Promise<Outcome> {
    try {
      const headers = await this.#headers(url, body, requestTime);
      return this.#read(url, await this.#post(url, headers, body, this.#parts.timeoutsMs[api]));
    } catch (error) {
      return { ...NO_ANSWER, fault: error instanceof Error ? error.message : String(error) };
    }
  }

  async #headers(url: URL, body: Buffer, time: string): Promise<OutgoingHttpHeaders> {
    const { clientId, signer } = this.#parts;
    const uri = `${url.pathname}${url.search}`;
    return {
      'Content-Type': 'application/json; charset=UTF-8',
      'Content-Length': body.length,
      'Client-Id': clientId,
      'Request-Time': time,
      Signature: await signer.sign({ method: 'POST', uri, clientId, time, body }),
    };
  }

  #post(url: URL, headers: OutgoingHttpHeaders, body: Buffer, timeoutMs: number): Promise<Raw> {
    const isTls = url.protocol === 'https:';
    const send = isTls ? httpsRequest : httpRequest;
    const agent = this.#agents[isTls ? 'https:' : 'http:'];
    return new Promise((resolve, reject) => {
      const request = send(url, { method: 'POST', headers, agent });
      const deadline = setTimeout(
        () => request.destroy(new Error(`no answer in ${timeoutMs} ms`)),
        timeoutMs,
      );
      request.once('close', () => clearTimeout(deadline));
      request.once('error', reject);
      request.once('response', (response) => {
        void readBody(response, MAX_ANSWER_BYTES).then((read) =>
          read === null
            ? reject(new Error('the answer broke off or was too large'))
            : resolve({ response, body: read }),
        );
      });
      request.end(body);
    });
  }

  #read(url: URL, { response, body }: Raw): Outcome {
    const { clientId, verifier } = this.#parts;
    const httpStatus = response.statusCode ?? null;
    const headers = response.headers;
    if (headers['client-id'] !== clientId)
      return { ...NO_ANSWER, httpStatus, fault: 'Client-Id is not ours' };
    const uri = `${url.pathname}${url.search}`;
    const time = String(headers['response-time'] ?? '');
    const signature = headers['signature'];
    const header = Array.isArray(signature) ? signature.join(', ') : signature;
    const verdict = verifier.verify({ method: 'POST', uri, clientId, time, body }, header);
    if (verdict !== 'valid') return { ...NO_ANSWER, httpStatus, fault: `the signature is ${verdict}` };
    return { ...NO_ANSWER, httpStatus, isSignatureValid: true, ...trusted(body) };
  }
}

type Outcome = Pick<
  MppExchange,
  'httpStatus' | 'isSignatureValid' | 'resultStatus' | 'resultCode' | 'answer' | 'fault'
>;

const NO_ANSWER: Outcome = {
  httpStatus: null,
  isSignatureValid: false,
  resultStatus: null,
  resultCode: null,
  answer: null,
  fault: null,
};

function trusted(body: Buffer): Pick<Outcome, 'resultStatus' | 'resultCode' | 'answer' | 'fault'> {
  const answer: JsonObject | null = readObject(body)?.object ?? null;
  const resultStatus =
    RESULT_STATUSES.find((status) => status === textAt(answer, 'result', 'resultStatus')) ?? null;
  return {
    resultStatus,
    resultCode: textAt(answer, 'result', 'resultCode'),
    answer,
    fault: resultStatus === null ? 'the answer has no result' : null,
  };
}
