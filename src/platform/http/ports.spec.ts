import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Controller, Get, Global, Module, Post, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { EventLog } from '../logging/event-log.js';
import { LoggingModule } from '../logging/logging.module.js';
import { serveApiDocs } from './api-docs.js';
import { closeHttpApp, createHttpApp, listenAtOwnPorts, listenHttp } from './create-http-app.js';
import { DoorProblems } from './door-problems.js';
import { Draining } from './draining.js';
import { HttpModule } from './http.module.js';
import { HttpSettings } from './http.settings.js';
import { BytesBody } from './input/json-bodies.js';

const HOST = '127.0.0.1';
const DOCS = ['/docs', '/docs/begin.js', '/docs/swagger-ui.css', '/openapi.json'];

let folder: string;
let description: URL;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'managed-'));
  description = pathToFileURL(join(folder, 'things.json'));
  await writeFile(description, '{"info":{"title":"Things"}}');
});
afterAll(() => rm(folder, { recursive: true }));

class Gate {
  open = (): void => undefined;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
}

interface Started {
  readonly app: NestFastifyApplication;
  readonly url: string;
  readonly managementUrl: string;
  readonly signedCallsUrl: string;
  /** Lets the answer of `/slow` go, which says by `entered` that it is under way. */
  readonly letGo: () => void;
  readonly entered: Promise<void>;
}

async function start(set: Partial<HttpSettings> = { managementPort: 0 }): Promise<Started> {
  const log = new EventLog({ level: 'silent' }, { write: () => undefined });
  const settings = Object.assign(new HttpSettings(), {
    publicPathPrefix: '',
    host: HOST,
    port: 0,
    bodyLimitBytes: 1_024,
    keepAliveMs: 600_000,
    shutdownDelayMs: 0,
    shutdownGraceMs: 60_000,
    ...set,
  });
  const [entered, gate] = [new Gate(), new Gate()];

  @Controller()
  class ThingsController {
    @Get(['metrics', 'health/ready', 'things', 'metrics-of-things'])
    answer(): object {
      return {};
    }

    @Post('signed')
    @BytesBody()
    signed(): object {
      return {};
    }

    @Post('signed/slow')
    @BytesBody()
    slowAndSigned(): Promise<object> {
      return this.slow();
    }

    @Get('slow')
    async slow(): Promise<object> {
      entered.open();
      await gate.opened;
      return {};
    }
  }

  @Global()
  @Module({ providers: [{ provide: HttpSettings, useValue: settings }], exports: [HttpSettings] })
  class SettingsModule {}
  @Module({
    imports: [SettingsModule, LoggingModule.forRoot(log), HttpModule],
    controllers: [ThingsController],
  })
  class ThingsModule {}
  const app = await createHttpApp(ThingsModule as Type, settings, log);
  await serveApiDocs(app, description);
  const url = await listenHttp(app, settings);
  const { managementUrl, signedCallsUrl } = await listenAtOwnPorts(app).catch(async (error: unknown) => {
    await closeHttpApp(app);
    throw error;
  });
  return {
    app,
    url,
    managementUrl: managementUrl ?? url,
    signedCallsUrl: signedCallsUrl ?? url,
    letGo: () => gate.open(),
    entered: entered.opened,
  };
}

async function statusOf(url: string, method = 'GET'): Promise<number> {
  const answer = await fetch(url, { method });
  // An answer nobody reads keeps its connection busy, and the stop waiting.
  await answer.arrayBuffer();
  return answer.status;
}

interface Answered {
  readonly status: number | undefined;
  readonly connection: string | undefined;
}

function post(url: string, agent: Agent | false = false): Promise<Answered> {
  return new Promise((resolve, reject) => {
    request(url, { method: 'POST', agent }, (reply) => {
      const { statusCode: status, headers } = reply;
      reply.resume().on('end', () => resolve({ status, connection: headers.connection }));
    })
      .on('error', reject)
      .end();
  });
}

describe('with a management port', () => {
  let started: Started;
  beforeAll(async () => (started = await start()));
  afterAll(() => closeHttpApp(started.app));

  it.each(['/metrics', ...DOCS])('%s is there, and unknown at the public port', async (path) => {
    for (const method of ['GET', 'HEAD']) {
      expect(await statusOf(started.managementUrl + path, method)).toBe(200);
      expect(await statusOf(started.url + path, method)).toBe(404);
    }
  });

  it.each(['/things', '/metrics-of-things'])('%s is at the public port only', async (path) => {
    expect(await statusOf(started.url + path)).toBe(200);
    expect(await statusOf(started.managementUrl + path)).toBe(404);
  });

  it('health is at both', async () => {
    expect(await statusOf(`${started.url}/health/ready`)).toBe(200);
    expect(await statusOf(`${started.managementUrl}/health/ready`)).toBe(200);
  });

  it.each(['/%6detrics', '/metrics?x', '/docs/..%2fdocs', '//metrics', '/Metrics', '/docs/'])(
    'no spelling finds it at the public port: %s',
    async (path) => expect(await statusOf(started.url + path)).toBe(404),
  );

  it('no door speaks there in its own words', async () => {
    const answer = async () => ({ status: 200, headers: {}, body: Buffer.from('words') });
    started.app.get(DoorProblems).answerAt('/door', answer);
    expect(await statusOf(`${started.url}/door`)).toBe(200);
    expect(await statusOf(`${started.managementUrl}/door`)).toBe(404);
  });

  it('a wrong method is told only where the path is known, as a problem of the usual shape', async () => {
    expect(await statusOf(`${started.url}/metrics`, 'POST')).toBe(404);
    expect(await statusOf(`${started.managementUrl}/things`, 'POST')).toBe(404);
    const refused = await fetch(`${started.managementUrl}/metrics`, { method: 'POST' });
    expect(refused.headers.get('allow')).toBe('GET, HEAD');
    expect(await refused.json()).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' });
    const unknown = await fetch(`${started.url}/metrics`);
    expect(unknown.headers.get('cache-control')).toBe('no-store');
    expect(await unknown.json()).toMatchObject({ status: 404, code: 'ROUTE_NOT_FOUND' });
  });
});

describe('with a port for signed calls', () => {
  let started: Started;
  beforeAll(async () => (started = await start({ signedCallsPort: 0, managementPort: 0 })));
  afterAll(() => closeHttpApp(started.app));

  it('they are there, and at the public port, so that their callers can be moved over one by one', async () => {
    expect(await statusOf(`${started.signedCallsUrl}/signed`, 'POST')).toBe(201);
    expect(await statusOf(`${started.url}/signed`, 'POST')).toBe(201);
    expect(await statusOf(`${started.managementUrl}/signed`, 'POST')).toBe(404);
  });

  it.each(['/things', '/slow', '/metrics', ...DOCS])('%s is unknown there', async (path) => {
    for (const method of ['GET', 'HEAD'])
      expect(await statusOf(started.signedCallsUrl + path, method)).toBe(404);
  });

  it.each(['/%74hings', '/things?x', '/signed/../things', '//things', '/health/..%2fthings'])(
    'no spelling finds it there: %s',
    async (path) => expect(await statusOf(started.signedCallsUrl + path)).toBe(404),
  );

  it('health is at all three', async () => {
    for (const address of [started.url, started.signedCallsUrl, started.managementUrl])
      expect(await statusOf(`${address}/health/ready`)).toBe(200);
  });

  it('a wrong method is told only where the path is known', async () => {
    expect(await statusOf(`${started.signedCallsUrl}/things`, 'POST')).toBe(404);
    const refused = await fetch(`${started.signedCallsUrl}/signed`);
    expect({ status: refused.status, allow: refused.headers.get('allow') }).toEqual({
      status: 405,
      allow: 'POST',
    });
    expect(await refused.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
  });

  it('leaves figures at the public port where they have none of their own', async () => {
    const { app, url, signedCallsUrl } = await start({ signedCallsPort: 0 });
    for (const path of ['/metrics', ...DOCS]) {
      expect(await statusOf(url + path)).toBe(200);
      expect(await statusOf(signedCallsUrl + path)).toBe(404);
    }
    await closeHttpApp(app);
  });
});

it('without one, all is at the one port', async () => {
  const { app, url, managementUrl, signedCallsUrl } = await start({});
  expect([managementUrl, signedCallsUrl]).toEqual([url, url]);
  expect(await statusOf(`${url}/signed`, 'POST')).toBe(201);
  for (const path of ['/metrics', '/health/ready', '/things', ...DOCS])
    expect({ path, status: await statusOf(url + path) }).toEqual({ path, status: 200 });
  await closeHttpApp(app);
});

it('the page of the API finds its files there, which no proxy of the public port stands before', async () => {
  const { app, managementUrl } = await start({ managementPort: 0, publicPathPrefix: '/gateway' });
  const page = await (await fetch(`${managementUrl}/docs`)).text();
  const files = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? '');
  expect(files).toHaveLength(3);
  for (const file of files) expect(await statusOf(managementUrl + file)).toBe(200);
  await closeHttpApp(app);
});

describe('a stop', () => {
  it('is watched at the management port until the last answer of the other one, and closes it last', async () => {
    const { app, url, managementUrl, entered, letGo } = await start();
    const slow = statusOf(`${url}/slow`);
    await entered;
    const closed = closeHttpApp(app);
    const { signal } = app.get(Draining);
    if (!signal.aborted) await once(signal, 'abort');
    expect(await statusOf(`${managementUrl}/metrics`)).toBe(200);
    expect(await statusOf(`${managementUrl}/health/ready`)).toBe(200);
    letGo();
    expect(await slow).toBe(200);
    await closed;
    for (const address of [url, managementUrl])
      await expect(fetch(address)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });
});

describe('a stop with a port for signed calls', () => {
  it('refuses new ones there, and answers what is under way before it goes', async () => {
    const { app, url, signedCallsUrl, entered, letGo } = await start({ signedCallsPort: 0 });
    const kept = new Agent({ keepAlive: true, maxSockets: 1 });
    const first = await post(`${signedCallsUrl}/signed`, kept);
    expect(first).toEqual({ status: 201, connection: 'keep-alive' });
    const slow = post(`${signedCallsUrl}/signed/slow`);
    await entered;
    const closed = closeHttpApp(app);
    const { signal } = app.get(Draining);
    if (!signal.aborted) await once(signal, 'abort');
    letGo();
    expect(await slow).toEqual({ status: 201, connection: 'close' });
    await closed;
    for (const address of [url, signedCallsUrl])
      await expect(fetch(address)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    kept.destroy();
  });

  it('refuses what comes by a connection that is there', async () => {
    const { app, signedCallsUrl, entered, letGo } = await start({ signedCallsPort: 0 });
    const kept = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await post(`${signedCallsUrl}/signed`, kept)).status).toBe(201);
    const slow = post(`${signedCallsUrl}/signed/slow`);
    await entered;
    // Draining has begun, and the port has not been closed yet.
    const draining = app.get(Draining);
    draining.onModuleDestroy();
    await draining.beforeApplicationShutdown();
    expect(await post(`${signedCallsUrl}/signed`, kept)).toEqual({ status: 503, connection: 'close' });
    letGo();
    expect(await slow).toEqual({ status: 201, connection: 'close' });
    await closeHttpApp(app);
    kept.destroy();
  });

  it('cuts off what is still under way there when the grace is over', async () => {
    const { app, signedCallsUrl, entered, letGo } = await start({ signedCallsPort: 0, shutdownGraceMs: 50 });
    const slow = post(`${signedCallsUrl}/signed/slow`).catch((error: unknown) => error);
    await entered;
    await closeHttpApp(app);
    expect(await slow).toMatchObject({ code: 'ECONNRESET' });
    letGo();
  });
});

describe('an address that cannot be had', () => {
  it('is the fault of MANAGEMENT_PORT where another program listens', async () => {
    const other = createServer().listen(0, HOST);
    await once(other, 'listening');
    const managementPort = Number(Reflect.get(Object(other.address()), 'port'));
    await expect(start({ managementPort })).rejects.toThrow(
      `MANAGEMENT_PORT: ${managementPort} is in use at ${HOST}; stop the other program or give another port`,
    );
    other.close();
  });

  it('is the fault of SIGNED_CALLS_PORT where that is it', async () => {
    const other = createServer().listen(0, HOST);
    await once(other, 'listening');
    const signedCallsPort = Number(Reflect.get(Object(other.address()), 'port'));
    await expect(start({ signedCallsPort })).rejects.toThrow(
      `SIGNED_CALLS_PORT: ${signedCallsPort} is in use at ${HOST}; stop the other program or give another port`,
    );
    other.close();
  });

  it('is the fault of MANAGEMENT_HOST where that is no address of this machine', () =>
    expect(start({ managementPort: 0, managementHost: '192.0.2.1' })).rejects.toThrow(
      'MANAGEMENT_HOST: names "192.0.2.1", which is no address of this machine',
    ));
});
