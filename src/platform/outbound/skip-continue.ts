import type { Socket } from 'node:net';

const CONTINUE = Buffer.from('HTTP/1.1 100');
const END_OF_HEADERS = '\r\n\r\n';
/** A longer one is not an interim answer; the parser behind says what it is. */
const MAX_HEADER_BYTES = 16_384;
const NOTHING = Buffer.alloc(0);

/**
 * Takes `100 Continue` out of what a socket brings. A server may send it although nobody asked, and a client reads on
 * then (RFC 9110, section 15.2); undici takes it for a broken answer and gives up the connection, and with it an answer
 * that would come again with every repetition.
 */
export function skippingContinue(socket: Socket): Socket {
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null; // bytes, since no encoding is set
  let written = -1;
  let isBeginning = false;
  let kept: Buffer = NOTHING;
  socket.read = (size?: number): Buffer | null => {
    for (let chunk = read(size); chunk !== null; chunk = read(size)) {
      // One call at a time: what comes after something was written is the beginning of an answer.
      isBeginning ||= socket.bytesWritten !== written;
      written = socket.bytesWritten;
      if (!isBeginning) return chunk;
      kept = afterContinue(Buffer.concat([kept, chunk]));
      if (mayBeContinue(kept)) continue;
      const beginning = kept;
      [isBeginning, kept] = [false, NOTHING];
      return beginning;
    }
    return null;
  };
  return socket;
}

/** What follows the interim answers at the beginning, as far as they have come whole. */
function afterContinue(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, CONTINUE.length).equals(CONTINUE)) return bytes;
  const end = bytes.indexOf(END_OF_HEADERS);
  return end < 0 ? bytes : afterContinue(bytes.subarray(end + END_OF_HEADERS.length));
}

/** Whether more has to come before it is known what it is. */
function mayBeContinue(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, CONTINUE.length);
  return bytes.length < MAX_HEADER_BYTES && CONTINUE.subarray(0, length).equals(bytes.subarray(0, length));
}
