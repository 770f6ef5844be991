import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectProxy } from './spec-support/connect-proxy.js';
import { PostTransport, type TransportAnswer } from './post-transport.js';

const body = Buffer.from('{"signed":"bytes"}');

describe('calls through a proxy', () => {
  const received: { path: string; text: string }[] = [];
  const far = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      received.push({ path: request.url ?? '', text: Buffer.concat(parts).toString() });
      response.end('answer');
    });
  });
  const proxy = new ConnectProxy();
  const { asked } = proxy;
  let farUrl: string;
  let transport: PostTransport;

  beforeAll(async () => {
    await once(far.listen(0, '127.0.0.1'), 'listening');
    // Servers that listen on TCP have an address of this kind.
    farUrl = `http://far.invalid:${(far.address() as AddressInfo).port}`;
    const place = await proxy.listen();
    transport = new PostTransport(`http://mpp:p%40ss@${place}`);
  });
  beforeEach(() => {
    proxy.refusal = undefined;
    asked.length = 0;
  });
  afterAll(async () => {
    await transport.onApplicationShutdown();
    far.closeAllConnections();
    far.close();
    proxy.close();
  });

  const post = (url: string, publicOnly = false): Promise<TransportAnswer> =>
    transport.post({ url, headers: { signature: 's' }, body, timeoutMs: 5_000, publicOnly });

  it('arrive byte for byte, at a name that only the proxy can resolve', async () => {
    expect(await post(`${farUrl}/aps/pay?a=%20b`)).toMatchObject({
      answered: true,
      body: Buffer.from('answer'),
    });
    expect(received).toEqual([{ path: '/aps/pay?a=%20b', text: body.toString() }]);
    const access = `Basic ${Buffer.from('mpp:p@ss').toString('base64')}`;
    expect(asked).toEqual([{ place: new URL(farUrl).host, access }]);
  });

  it.each([
    ['an address of our own network', 'https://10.0.0.1/take', 'address_not_public'],
    ['a name of our own network', 'https://localhost/take', 'address_not_public'],
    ['a name that cannot be looked up here', 'https://far.invalid/take', 'dns_error'],
  ])('to addresses named by others are never sent to %s', async (_what, url, reason) => {
    expect(await post(url, true)).toEqual({ answered: false, reason });
    expect(asked).toEqual([]);
  });

  it('that the proxy refuses were not sent', async () => {
    proxy.refusal = 'HTTP/1.1 403 Forbidden\r\n\r\n';
    const before = received.length;
    expect(await post(farUrl.replace('far', 'other'))).toEqual({
      answered: false,
      reason: 'connection_refused',
    });
    expect(received).toHaveLength(before);
  });
});
