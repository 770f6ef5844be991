import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { EventLog } from '../../logging/event-log.js';
import { createHttpAdapter } from './http-adapter.js';
import { MOST_CHUNKS, MOST_UNANSWERED } from './bounded-connections.js';

const HEAD = ' HTTP/1.1\r\nhost: x\r\n';
const SETTINGS = { bodyLimitBytes: 10_000, keepAliveMs: 5_000 };

let begun: number;
let answer: () => void;
let server: FastifyInstance;
beforeEach(async () => {
  begun = 0;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  server = createHttpAdapter(
    SETTINGS,
    new EventLog({ level: 'error' }, { write: () => undefined }),
  ).getInstance();
  server.get('/', () => ({}));
  server.get('/slow', async () => {
    begun += 1;
    await answered;
    return {};
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(async () => {
  answer();
  await server.close();
});

/** A connection that says all it hears. */
async function connected(): Promise<{ socket: Socket; heard: () => string; closed: Promise<unknown> }> {
  const socket = connect(server.addresses()[0]?.port ?? 0, '127.0.0.1');
  let heard = '';
  socket.setEncoding('latin1').on('data', (text: string) => (heard += text));
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  return { socket, heard: () => heard, closed };
}

const count = (text: string): number => text.split('HTTP/1.1 200 ').length - 1;

describe('requests that are sent without waiting for answers', () => {
  it('are answered as far as anybody needs', async () => {
    const { socket, heard, closed } = await connected();
    socket.write(
      `GET /slow${HEAD}\r\n`.repeat(MOST_UNANSWERED - 1) + `GET /slow${HEAD}connection: close\r\n\r\n`,
    );
    while (begun < MOST_UNANSWERED) await new Promise((resolve) => setImmediate(resolve));
    answer();
    await closed;
    expect(count(heard())).toBe(MOST_UNANSWERED);
  });

  it('end their connection when they are more, and no more of them begin', async () => {
    const { socket, heard, closed } = await connected();
    socket.write(`GET /slow${HEAD}\r\n`.repeat(2_000));
    await closed;
    expect(heard()).toBe('');
    expect(begun).toBeLessThanOrEqual(MOST_UNANSWERED);
  });
});

describe('a body that nobody reads', () => {
  const chunked = `GET /${HEAD}transfer-encoding: chunked\r\n\r\n`;

  it('may still come to its end behind the answer, and the connection goes on', async () => {
    const { socket, heard, closed } = await connected();
    socket.write(`${chunked}1\r\nx\r\n`);
    while (count(heard()) < 1) await new Promise((resolve) => setImmediate(resolve));
    socket.write(`1\r\nx\r\n0\r\n\r\nGET /${HEAD}connection: close\r\n\r\n`);
    await closed;
    expect(count(heard())).toBe(2);
  });

  it.each([
    ['chunks', `${chunked}1\r\nx\r\n`, '1\r\nx\r\n'.repeat(MOST_CHUNKS)],
    ['bytes', `GET /${HEAD}content-length: 1000000000\r\n\r\n`, 'x'.repeat(60_000)],
  ])('ends its connection when it has too many %s', async (_what, start, more) => {
    const { socket, heard, closed } = await connected();
    socket.write(start);
    let isClosed = false;
    void closed.then(() => (isClosed = true));
    while (!isClosed) {
      if (!socket.destroyed) socket.write(more);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(count(heard())).toBe(1);
  });
});
