import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { oneOfEachConnection, Rush, takeTurns } from './take-turns.js';

class Gate {
  open = (): void => undefined;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
}

let begun: string[];
let gate: Gate;
let server: FastifyInstance;
beforeEach(async () => {
  begun = [];
  gate = new Gate();
  server = new FastifyAdapter().getInstance();
  oneOfEachConnection(server);
  takeTurns(server);
  const begin = (name: string): void => void begun.push(name);
  server.get('/health/live', () => {
    begin('probe');
    return {};
  });
  server.get('/slow/:name', async ({ params }) => {
    begin(String(Reflect.get(Object(params), 'name')));
    await gate.opened;
    return {};
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(() => server.close());

const asking = (...paths: string[]): string =>
  paths.map((path) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`).join('');

async function connected(): Promise<Socket> {
  const socket = connect(server.addresses()[0]?.port ?? 0, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** Resolves when as many answers have come. */
async function answered(socket: Socket, count: number): Promise<void> {
  let told = '';
  for await (const chunk of socket) {
    told += String(chunk);
    if (told.split('HTTP/1.1 200 ').length > count) return;
  }
}

describe('requests on one connection', () => {
  it('begin one after the other, each when the one before is answered, and hold up nobody else', async () => {
    const [greedy, modest] = [await connected(), await connected()];
    greedy.write(asking('/slow/first', '/slow/second', '/health/live'));
    modest.write(asking('/health/live'));
    await answered(modest, 1);
    modest.destroy();
    const other = await connected();
    other.write(asking('/slow/other'));
    while (!begun.includes('other')) await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toEqual(['first', 'probe', 'other']);
    gate.open();
    await answered(greedy, 3);
    expect(begun).toEqual(['first', 'probe', 'other', 'second', 'probe']);
    other.destroy();
  });

  it('do not begin when the caller has gone', async () => {
    const arrived = once(server.server, 'connection');
    const gone = await connected();
    const [ours] = (await arrived) as [Socket]; // what Node hands to it
    const noticed = once(ours, 'close');
    gone.write(asking('/slow/first', '/slow/second'));
    while (begun.length === 0) await new Promise((resolve) => setImmediate(resolve));
    gone.destroy();
    await noticed;
    gate.open();
    const modest = await connected();
    modest.write(asking('/health/live'));
    await answered(modest, 1);
    modest.destroy();
    await server.close();
    expect(begun).toEqual(['first', 'probe']);
  });
});

describe('a rush of new connections', () => {
  const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

  it('is when one turn after the other has one, until a turn has none', async () => {
    const door = new EventEmitter();
    const rush = new Rush(door);
    for (let turn = 0; turn < 30; turn += 1) {
      expect(rush.isOn).toBe(turn > 10);
      door.emit('connection');
      await nextTurn();
    }
    await nextTurn();
    await nextTurn();
    expect(rush.isOn).toBe(false);
  });

  it('is none when they come now and then', async () => {
    const door = new EventEmitter();
    const rush = new Rush(door);
    for (let come = 0; come < 30; come += 1) {
      door.emit('connection');
      for (const _ of [1, 2, 3]) await nextTurn();
      expect(rush.isOn).toBe(false);
    }
  });
});
