import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import pg from 'pg';
import { surviving } from './surviving-pool.js';

describe('a pool whose connections are ended in the packet that makes them ready', () => {
  let server: Server;
  let pool: pg.Pool;
  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(Buffer.concat([AUTHENTICATED, READY, ENDED])));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo; // a TCP server that listens has one
    pool = surviving(new pg.Pool({ host: '127.0.0.1', port, user: 'somebody', ssl: false }));
  });
  afterAll(async () => {
    await pool.end();
    server.close();
  });

  it('fails the statement and not the process', async () => {
    const client = await pool.connect();
    await expect(client.query('select 1')).rejects.toThrow();
    client.release(true);
    expect(pool.totalCount).toBe(0);
  });

  it('listens once to each connection, however often it is taken', async () => {
    const client = await pool.connect();
    const listeners = client.listenerCount('error');
    pool.emit('acquire', client);
    expect(client.listenerCount('error')).toBe(listeners);
    client.release(true);
  });
});

/** Messages of PostgreSQL's protocol 3: a letter, the length of the rest, the rest. */
function message(letter: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const AUTHENTICATED = message('R', Buffer.alloc(4));
const READY = message('Z', Buffer.from('I'));
const ENDED = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'));
