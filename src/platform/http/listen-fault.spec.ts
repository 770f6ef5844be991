import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { listenFault, ownPortFault } from './listen-fault.js';

const servers: Server[] = [];
afterAll(() => servers.forEach((server) => server.close()));

async function listen(host: string, port: number): Promise<number> {
  const server = createServer().listen(port, host);
  servers.push(server);
  await once(server, 'listening');
  return Reflect.get(Object(server.address()), 'port');
}

async function faultOf(host: string, port: number): Promise<string> {
  const fault = listenFault(await listen(host, port).catch((error: unknown) => error), { host, port });
  return `${fault?.name}: ${fault?.rule}`;
}

describe('an address that cannot be listened on', () => {
  it('is the fault of PORT where another program listens', async () => {
    const taken = await listen('127.0.0.1', 0);
    expect(await faultOf('127.0.0.1', taken)).toBe(
      `PORT: ${taken} is in use at 127.0.0.1; stop the other program or give another port, 0 for any free one`,
    );
  });

  it.each([
    ['192.0.2.1', 'which is no address of this machine; 0.0.0.0 stands for all it has'],
    ['http://0.0.0.0', 'which is no address and no known name of one'],
    ['0.0.0.0:8080', 'which is no address and no known name of one'],
    ['nowhere.invalid', 'which is no address and no known name of one'],
  ])('is the fault of HOST where that is %s', async (host, why) => {
    expect(await faultOf(host, 0)).toContain(`HOST: names "${host}", ${why}`);
  });

  it.each<[string, string]>([
    ['EACCES', 'PORT: 80 may not be listened on by this process; take one from 1024 on'],
    ['EAFNOSUPPORT', 'HOST: names "::", which is no address of this machine; 0.0.0.0 stands for all it has'],
  ])('is told by the code %s', (code, sentence) => {
    const fault = listenFault(Object.assign(new Error('x'), { code }), { host: '::', port: 80 });
    expect(`${fault?.name}: ${fault?.rule}`).toBe(sentence);
  });

  it.each<[string, string | undefined, string]>([
    ['EADDRINUSE', undefined, 'MANAGEMENT_PORT: 9090 is in use at ::'],
    ['EINVAL', undefined, 'HOST: names "::"'],
    ['EINVAL', '10.0.0.5', 'MANAGEMENT_HOST: names "10.0.0.5"'],
  ])('of a port of its own is told by %s, with the host %s', (code, ownHost, sentence) => {
    const address = { prefix: 'MANAGEMENT_', host: '::', port: 9_090, ownHost };
    const fault = ownPortFault(Object.assign(new Error('x'), { code }), address);
    expect(`${fault?.name}: ${fault?.rule}`).toContain(sentence);
  });

  it('is no fault of a setting where the error is about something else', () =>
    expect(listenFault(new TypeError('a bug'), { host: '::', port: 80 })).toBeUndefined());
});
