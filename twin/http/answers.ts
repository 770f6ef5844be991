import type { Behaviour } from '../behaviour.js';
import type { Timers } from '../timers.js';
import type { MessageSigner } from '../wire/message-signer.js';
import { timestamp } from '../wire/timestamp.js';
import type { Inbound } from './inbound.js';
import { lied, type Dress, type Reply } from './reply.js';

const OTHER_BYTES = Buffer.from('something else');

/** Signs and sends answers. The bytes signed are the bytes sent. */
export class Answers {
  readonly #signer: MessageSigner;
  readonly #clientId: string;
  readonly #behaviour: Behaviour;
  readonly #timers: Timers;

  constructor(signer: MessageSigner, clientId: string, behaviour: Behaviour, timers: Timers) {
    this.#signer = signer;
    this.#clientId = clientId;
    this.#behaviour = behaviour;
    this.#timers = timers;
  }

  /** Waits for the delay of this answer. False when the caller has hung up meanwhile. */
  async whenDue(inbound: Inbound, delayMs = 0): Promise<boolean> {
    const totalMs = delayMs + this.#behaviour.slowMs;
    if (totalMs > 0) await this.#timers.pause(totalMs);
    return inbound.isOpen;
  }

  /** False when the caller was gone before the answer could be sent. */
  async send(inbound: Inbound, meant: Reply): Promise<boolean> {
    const { everyAnswer } = this.#behaviour;
    const reply = everyAnswer === null ? meant : lied(meant, everyAnswer);
    const signed = await this.#signatureHeaders(inbound, reply.body, reply.dress);
    if (!inbound.isOpen) return false;
    const { row, response } = inbound;
    row.httpStatus = reply.httpStatus;
    row.resultStatus = reply.result?.resultStatus ?? null;
    row.resultCode = reply.result?.resultCode ?? null;
    inbound.settle();
    response.writeHead(reply.httpStatus, {
      'Content-Type': reply.contentType ?? 'application/json; charset=UTF-8',
      'Content-Length': reply.body.length,
      ...signed,
      ...(reply.location === undefined ? {} : { Location: reply.location }),
    });
    response.end(reply.body);
    return true;
  }

  async #signatureHeaders(inbound: Inbound, body: Buffer, dress: Dress): Promise<Record<string, string>> {
    if (dress === 'unsigned') return { 'Client-Id': this.#clientId };
    const time = timestamp(Date.now());
    const signature = await this.#signer.sign({
      method: inbound.method,
      uri: inbound.uri,
      clientId: this.#clientId,
      time,
      body: dress === 'badsig' ? OTHER_BYTES : body,
    });
    return { 'Client-Id': this.#clientId, 'Response-Time': time, Signature: signature };
  }
}
