import { Redis } from 'ioredis';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { endTimerWithStream } from './timer-of-stream.js';

const SOCKET_TIMEOUT_MS = 400;

/** Answers every command with OK, but the first stream says nothing to PING and ends. */
async function listening() {
  const sockets = new Set<Socket>();
  let streams = 0;
  const server = createServer((socket) => {
    const isFirst = (streams += 1) === 1;
    sockets.add(socket);
    socket.on('data', (bytes) => {
      const text = bytes.toString().toLowerCase();
      if (isFirst && text.includes('ping')) socket.destroy();
      else for (const _ of text.matchAll(/\*\d+\r\n/g)) socket.write('+OK\r\n');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, // it listens on TCP
    streams: () => streams,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe('the timer of a connection to Redis', () => {
  it('does not outlive its stream and end the next one', async () => {
    const server = await listening();
    const redis = new Redis({
      host: '127.0.0.1',
      port: server.port,
      lazyConnect: true,
      enableReadyCheck: false,
      socketTimeout: SOCKET_TIMEOUT_MS,
      retryStrategy: () => 10,
    });
    const faults: string[] = [];
    redis.on('error', ({ message }: Error) => faults.push(message));
    endTimerWithStream(redis);
    try {
      await redis.connect();
      // Sent again on the second stream, and answered there.
      await redis.ping();
      await sleep(2 * SOCKET_TIMEOUT_MS);
      expect({ streams: server.streams(), faults }).toEqual({ streams: 2, faults: [] });
    } finally {
      redis.disconnect();
      server.close();
    }
  });
});
