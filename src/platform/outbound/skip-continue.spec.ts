import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { skippingContinue } from './skip-continue.js';

const CONTINUE = 'HTTP/1.1 100 Continue\r\nServer: x\r\n\r\n';
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n';

/** A socket that receives these pieces after something was written. */
function broughtBy(pieces: readonly string[]): string {
  // The reader uses only a socket's bytes and the number written.
  const stream = Object.assign(new PassThrough(), { bytesWritten: 1 });
  const socket = skippingContinue(stream as unknown as Socket);
  let brought = '';
  for (const piece of pieces) {
    stream.write(piece);
    for (let bytes = readOf(socket); bytes !== null; bytes = readOf(socket)) brought += bytes.toString();
  }
  return brought;
}

/** Bytes, since no encoding is set. */
function readOf(socket: Socket): Buffer | null {
  return socket.read() as Buffer | null;
}

describe('100 Continue that nobody asked for', () => {
  it.each([0, 1, 2])('is removed before an answer, %i of them, wherever the bytes are cut', (count) => {
    const all = `${CONTINUE.repeat(count)}${ANSWER}`;
    expect(broughtBy([all])).toBe(ANSWER);
    expect(broughtBy(all.split(''))).toBe(ANSWER);
    for (let at = 1; at < all.length; at += 1)
      expect(broughtBy([all.slice(0, at), all.slice(at)])).toBe(ANSWER);
  });

  it('is left alone within an answer', () => {
    expect(broughtBy([ANSWER.slice(0, -24), CONTINUE])).toBe(`${ANSWER.slice(0, -24)}${CONTINUE}`);
  });

  it('has a limit: headers without an end are passed on', () => {
    const endless = `HTTP/1.1 100 Continue\r\nX: ${'x'.repeat(20_000)}`;
    expect(broughtBy([endless])).toBe(endless);
  });
});
