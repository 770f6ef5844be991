import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { TellingPool, UNCONNECTED } from './telling-pool.js';

/** A port of this machine where nobody listens. */
async function closedPort(): Promise<number> {
  const server: Server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = Object(server.address());
  server.close();
  await once(server, 'close');
  return Number(port);
}

describe('a pool of connections', () => {
  let pool: TellingPool;
  let told: unknown[];
  beforeEach(async () => {
    told = [];
    pool = new TellingPool({ host: '127.0.0.1', port: await closedPort(), user: 'somebody' });
    pool.on(UNCONNECTED as 'error', (error) => told.push(error)); // an event that `pg` does not declare
  });

  it('tells of a server that cannot be reached, and its caller as well', async () => {
    const refused = { code: 'ECONNREFUSED' };
    await expect(pool.connect()).rejects.toMatchObject(refused);
    expect(told).toEqual([expect.objectContaining(refused)]);
    await expect(pool.query('select 1')).rejects.toMatchObject(refused);
    expect(told).toHaveLength(2);
    await pool.end();
  });

  it('tells nothing when it is ended, which says nothing about the server', async () => {
    await pool.end();
    await expect(pool.connect()).rejects.toThrow('after calling end');
    await expect(pool.query('select 1')).rejects.toThrow('after calling end');
    expect(told).toEqual([]);
  });
});
