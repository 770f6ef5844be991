import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http';
import { Controller, Get, Global, Module, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { EventLog } from '../../logging/event-log.js';
import { LoggingModule } from '../../logging/logging.module.js';
import { createHttpApp, listenHttp } from '../create-http-app.js';
import { Draining } from '../draining.js';
import { HttpModule } from '../http.module.js';
import { HttpSettings } from '../http.settings.js';

/** Held open until the test lets go, so that "in flight" is a state and not a guess about time. */
class Gate {
  readonly entered = withResolver();
  readonly opened = withResolver();
}

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve: () => resolve() };
}

interface Started {
  readonly app: NestFastifyApplication;
  readonly port: number;
  readonly gate: Gate;
}

async function start(limits: Partial<HttpSettings> = {}): Promise<Started> {
  const gate = new Gate();
  const log = new EventLog({ level: 'silent' }, { write: () => undefined });
  const settings = Object.assign(new HttpSettings(), {
    publicPathPrefix: '',
    bodyLimitBytes: 1_024,
    keepAliveMs: 600_000,
    shutdownDelayMs: 0,
    shutdownGraceMs: 60_000,
    ...limits,
  });

  @Controller()
  class SlowController {
    constructor(private readonly draining: Draining) {}

    @Get('slow')
    async slow(): Promise<object> {
      gate.entered.resolve();
      await gate.opened.promise;
      return { done: true };
    }

    @Get('poll')
    async poll(): Promise<object> {
      gate.entered.resolve();
      await new Promise((resolve) => this.draining.signal.addEventListener('abort', resolve));
      return { endedEarly: true };
    }

    @Get('quick')
    quick(): object {
      return {};
    }
  }

  @Global()
  @Module({ providers: [{ provide: HttpSettings, useValue: settings }], exports: [HttpSettings] })
  class SettingsModule {}
  @Module({
    imports: [SettingsModule, LoggingModule.forRoot(log), HttpModule],
    controllers: [SlowController],
  })
  class SlowModule {}
  const app = await createHttpApp(SlowModule as Type, settings, log);
  const url = await listenHttp(app, { host: '127.0.0.1', port: 0 });
  return { app, port: Number(new URL(url).port), gate };
}

interface Answer {
  readonly status: number | undefined;
  readonly connection: string | undefined;
  readonly body: Record<string, unknown>;
}

function get(port: number, path: string, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call: ClientRequest = request(
      { port, host: '127.0.0.1', path, agent },
      (response: IncomingMessage) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
          resolve({
            status: response.statusCode,
            connection: response.headers.connection,
            body: Object(body),
          });
        });
        response.on('error', reject);
      },
    );
    call.on('error', reject);
    call.end();
  });
}

describe('a stop', () => {
  it('answers what is in flight, closes its connection, and then takes nobody any more', async () => {
    const { app, port, gate } = await start();
    const agent = new Agent({ keepAlive: true });
    const slow = get(port, '/slow', agent);
    await gate.entered.promise;
    const closed = app.close();
    await aborted(app);
    gate.opened.resolve();
    expect(await slow).toMatchObject({ status: 200, connection: 'close', body: { done: true } });
    await closed;
    await expect(get(port, '/quick', agent)).rejects.toThrow('ECONNREFUSED');
    agent.destroy();
  });

  it('refuses what still arrives on a connection that was kept alive', async () => {
    const { app, port, gate } = await start();
    const [kept, busy] = [new Agent({ keepAlive: true, maxSockets: 1 }), new Agent()];
    expect((await get(port, '/quick', kept)).status).toBe(200);
    const slow = get(port, '/slow', busy);
    await gate.entered.promise;
    // Draining has begun, the server has not stopped to listen yet: what arrives in between gets the problem.
    const draining = app.get(Draining);
    draining.onModuleDestroy();
    await draining.beforeApplicationShutdown();
    const refused = await get(port, '/quick', kept);
    expect(refused).toMatchObject({ status: 503, connection: 'close', body: { code: 'SHUTTING_DOWN' } });
    gate.opened.resolve();
    expect((await slow).status).toBe(200);
    await app.close();
    kept.destroy();
  });

  it('ends long polls early', async () => {
    const { app, port, gate } = await start();
    const poll = get(port, '/poll', new Agent());
    await gate.entered.promise;
    await app.close();
    expect(await poll).toMatchObject({ status: 200, body: { endedEarly: true } });
  });

  it('cuts a request that does not end within its grace', async () => {
    const { app, port, gate } = await start({ shutdownGraceMs: 50 });
    const stuck = get(port, '/slow', new Agent()).then(
      () => 'answered',
      () => 'cut',
    );
    await gate.entered.promise;
    await app.close();
    expect(await stuck).toBe('cut');
    gate.opened.resolve();
  });

  it('goes on serving for a while after it has said that it leaves', async () => {
    const { app, port } = await start({ shutdownDelayMs: 200 });
    const agent = new Agent({ keepAlive: true });
    const draining = app.get(Draining);
    const closed = app.close();
    await until(() => draining.isLeaving);
    expect(draining.isRefusing).toBe(false);
    expect(await get(port, '/quick', agent)).toMatchObject({ status: 200, connection: 'close' });
    await closed;
    expect(draining.isRefusing).toBe(true);
    agent.destroy();
  });
});

async function aborted(app: NestFastifyApplication): Promise<void> {
  const { signal } = app.get(Draining);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
