import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { OutgoingFetch, type FetchRules } from './outgoing-fetch.js';
import { ConnectProxy } from './spec-support/connect-proxy.js';

const LIMITS = { timeoutMs: 5_000, maxBytes: 1_000 };
const GET = { method: 'GET', headers: { accept: 'application/json' } };

describe('an outgoing fetch', () => {
  const received: string[] = [];
  const far = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => (text += part.toString()));
    request.on('end', () => {
      received.push(`${request.method} ${request.url} ${text}`);
      if (request.url === '/silent') return;
      if (request.url === '/elsewhere') return response.writeHead(302, { location: '/stolen' }).end();
      if (request.url === '/nothing') return response.writeHead(204).end();
      if (request.url === '/large') return response.end('x'.repeat(2_000));
      if (request.url === '/bomb')
        return response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(90_000)));
      if (request.url === '/packed')
        return response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"a":1}'));
      return response.writeHead(200, { 'set-cookie': ['a=1', 'b=2'] }).end('{"a":1}');
    });
  });
  const opened: OutgoingFetch[] = [];
  let url: string;
  let port: number;
  beforeAll(async () => {
    await once(far.listen(0, '127.0.0.1'), 'listening');
    ({ port } = far.address() as AddressInfo); // it listens on TCP
    url = `http://127.0.0.1:${port}`;
  });
  afterEach(async () => {
    received.length = 0;
    await Promise.all(opened.splice(0).map((one) => one.close()));
  });
  afterAll(() => {
    far.closeAllConnections();
    far.close();
  });

  const open = (others: Partial<FetchRules> = {}): OutgoingFetch => {
    const made = new OutgoingFetch({ ...LIMITS, ...others });
    opened.push(made);
    return made;
  };

  it('sends a form and returns the answer, unpacked if it is compressed', async () => {
    const body = new URLSearchParams({ code: 'a b' });
    const answer = await open().fetch(`${url}/token`, { ...GET, method: 'POST', body });
    expect(received).toEqual(['POST /token code=a+b']);
    expect({ status: answer.status, body: await answer.json() }).toEqual({ status: 200, body: { a: 1 } });
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await (await open().fetch(`${url}/packed`, GET)).json()).toEqual({ a: 1 });
    expect((await open().fetch(`${url}/nothing`, GET)).status).toBe(204);
  });

  it('follows no redirect', async () => {
    expect((await open().fetch(`${url}/elsewhere`, GET)).status).toBe(302);
    expect(received).toEqual(['GET /elsewhere ']);
  });

  it('refuses an answer that is too large, compressed or not, and one that comes too late', async () => {
    await expect(open().fetch(`${url}/large`, GET)).rejects.toMatchObject({ code: 'ERR_ANSWER_TOO_LARGE' });
    await expect(open().fetch(`${url}/bomb`, GET)).rejects.toMatchObject({ code: 'ERR_BUFFER_TOO_LARGE' });
    await expect(open({ timeoutMs: 50 }).fetch(`${url}/silent`, GET)).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  it('goes through a proxy, to a name that only the proxy can resolve', async () => {
    const proxy = new ConnectProxy();
    const calls = open({ proxyUrl: `http://mpp:p%40ss@${await proxy.listen()}` });
    expect((await calls.fetch(`http://id.invalid:${port}/x`, GET)).status).toBe(200);
    expect(proxy.asked.map(({ place }) => place)).toEqual([`id.invalid:${port}`]);
    proxy.close();
  });
});
