import type { LookupAddress } from 'node:dns';
import { createServer, request, Agent, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ADDRESS_NOT_PUBLIC, pinnedLookup } from './pinned-lookup.js';

type Found = { error?: string; addresses?: unknown };

const v4 = (address: string): LookupAddress => ({ address, family: 4 });

/** A name server that gives another answer each time, and counts its queries. */
function fickle(...answers: (readonly LookupAddress[])[]) {
  const asked: string[] = [];
  const resolve = (host: string): Promise<readonly LookupAddress[]> => {
    asked.push(host);
    return Promise.resolve(answers[Math.min(asked.length, answers.length) - 1] ?? []);
  };
  return { asked, resolve };
}

function look(lookup: ReturnType<typeof pinnedLookup>, all: boolean): Promise<Found> {
  return new Promise((done) => {
    lookup('host.example', { all }, (error, addresses) =>
      done(error ? { error: error.code ?? 'none' } : { addresses }),
    );
  });
}

describe('pinnedLookup', () => {
  it.each([
    ['all that were judged', true, [v4('8.8.8.8'), v4('8.8.4.4')]],
    ['the first that was judged', false, '8.8.8.8'],
  ])('passes on %s', async (_what, all, addresses) => {
    const names = fickle([v4('8.8.8.8'), v4('8.8.4.4')]);
    expect(await look(pinnedLookup(names.resolve), all)).toEqual({ addresses });
    expect(names.asked).toEqual(['host.example']);
  });

  it.each([
    ['a private address', [v4('10.0.0.1')]],
    ['a private address beside a public one', [v4('8.8.8.8'), v4('127.0.0.1')]],
    ['a mapped address', [{ address: '::ffff:10.0.0.1', family: 6 }]],
    ['no address', []],
  ])('refuses a host with %s', async (_what, addresses) => {
    expect(await look(pinnedLookup(fickle(addresses).resolve), true)).toEqual({ error: ADDRESS_NOT_PUBLIC });
  });

  it('checks again for the next connection: public first, then private', async () => {
    const lookup = pinnedLookup(fickle([v4('8.8.8.8')], [v4('10.0.0.1')]).resolve);
    expect(await look(lookup, true)).toEqual({ addresses: [v4('8.8.8.8')] });
    expect(await look(lookup, true)).toEqual({ error: ADDRESS_NOT_PUBLIC });
  });

  it('passes on why a host could not be resolved', async () => {
    const failure = Object.assign(new Error('no such host'), { code: 'ENOTFOUND' });
    expect(
      await look(
        pinnedLookup(() => Promise.reject(failure)),
        true,
      ),
    ).toEqual({ error: 'ENOTFOUND' });
  });

  it('refuses localhost, as the system resolves it', async () => {
    const lookup = pinnedLookup();
    const code = await new Promise((done) => {
      lookup('localhost', { all: true }, (error) => done(error?.code));
    });
    expect(code).toBe(ADDRESS_NOT_PUBLIC);
  });
});

describe('an agent with a pinned lookup', () => {
  let server: Server;
  let connections = 0;
  beforeAll(async () => {
    server = createServer((_request, response) => response.end('here'));
    server.on('connection', () => (connections += 1));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const get = (agent: Agent): Promise<string> =>
    new Promise((done) => {
      const { port } = server.address() as AddressInfo; // a TCP server that listens has one
      const call = request({ host: 'rebinding.example', port, agent }, (response) => {
        response.resume();
        response.on('end', () => done(String(response.statusCode)));
      });
      call.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? 'none'));
      call.end();
    });

  it('connects to the address that was judged, and never to one the name was bound to since', async () => {
    const names = fickle([v4('127.0.0.1')], [v4('127.0.0.2')]);
    const agent = new Agent({ lookup: pinnedLookup(names.resolve, (address) => address === '127.0.0.1') });
    expect(await get(agent)).toBe('200');
    expect(names.asked).toEqual(['rebinding.example']);
    expect(await get(agent)).toBe(ADDRESS_NOT_PUBLIC);
    expect(names.asked).toHaveLength(2);
    expect(connections).toBe(1);
    agent.destroy();
  });
});
