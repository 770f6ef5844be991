import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Requests of one connection that are not answered yet. Programs send the next one after the answer to the one before;
 * whoever sends on and on without reading would fill the memory of this process.
 */
export const MOST_UNANSWERED = 20;

/** Who sends as they go sends some kilobytes at a time. */
export const MOST_CHUNKS = 1_000;

/** What is still read of a body that nobody wanted, so that its sender comes to read why. */
const MOST_UNWANTED_BYTES = 1_048_576;

const unanswered = new WeakMap<Socket, number>();
const countOf = (socket: Socket): number => unanswered.get(socket) ?? 0;

/**
 * A request whose chunks are counted as they come from the wire, whether anybody wants its body or not. One too many of a
 * connection is read as `CONNECT`: nobody listens for that, so Node.js ends the connection and passes over all that was
 * sent behind it, which are some thousand requests a read.
 */
class BoundedRequest extends IncomingMessage {
  private isAnswered = false;
  private chunks = 0;
  private unwantedBytes = 0;

  constructor(socket: Socket) {
    super(socket);
    if (countOf(socket) >= MOST_UNANSWERED) Object.defineProperties(this, ENDING);
  }

  /** What is left of the body goes through `push` as before. Node.js would take any amount of it without another word. */
  passOverRest(): void {
    this.isAnswered = true;
    if (!this.complete) this.resume().read(0);
  }

  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    if (!(chunk instanceof Uint8Array)) return super.push(chunk, encoding);
    this.chunks += 1;
    if (this.isAnswered) this.unwantedBytes += chunk.length;
    // One more than may be, so that whoever puts them together finds that they are too many.
    const isTooMuch = this.chunks > MOST_CHUNKS + 1 || this.unwantedBytes > MOST_UNWANTED_BYTES;
    if (isTooMuch && this.isAnswered && !this.socket.writableEnded) this.socket.destroySoon();
    return !isTooMuch && super.push(chunk, encoding);
  }
}

const always = (value: unknown): PropertyDescriptor => ({ get: () => value, set: () => undefined });
const ENDING = { method: always('CONNECT'), upgrade: always(true) };

/** An answer that counts for its connection until it is sent. */
class BoundedResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  constructor(...given: ConstructorParameters<typeof ServerResponse<Request>>) {
    super(...given);
    const [request] = given;
    const { socket } = request;
    unanswered.set(socket, countOf(socket) + 1);
    this.once('close', () => unanswered.set(socket, countOf(socket) - 1));
    this.once('finish', () => request instanceof BoundedRequest && request.passOverRest());
  }
}

/** For `createServer`: bounds what one connection may have under way, and send without being asked. */
export const BOUNDED = { IncomingMessage: BoundedRequest, ServerResponse: BoundedResponse };
