import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  Body,
  Controller,
  Get,
  Global,
  HttpCode,
  Module,
  NotFoundException,
  Param,
  Post,
  RawBody,
  Req,
} from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { EventLog } from '../logging/event-log.js';
import { LoggingModule } from '../logging/logging.module.js';
import { serveApiDocs } from './api-docs.js';
import { createHttpApp, listenHttp } from './create-http-app.js';
import { HttpModule } from './http.module.js';
import { HttpSettings } from './http.settings.js';
import { PlatformError } from './platform-error.js';
import { problemsOf } from './problem-table.js';

const lines: string[] = [];
const log = new EventLog({ level: 'debug' }, { write: (line) => lines.push(line) });
const eventsOf = (requestId: string): Record<string, unknown>[] =>
  lines.map((line) => Object(JSON.parse(line))).filter((event) => event.requestId === requestId);

const settings: HttpSettings = Object.assign(new HttpSettings(), {
  publicPathPrefix: '',
  host: '127.0.0.1',
  port: 0,
  bodyLimitBytes: 2_048,
  keepAliveMs: 600_000,
  shutdownDelayMs: 0,
  shutdownGraceMs: 5_000,
});

class Broken extends PlatformError {
  readonly code = 'THING_BROKEN';
  constructor(readonly retry: 'later' | 'never') {
    super('host db.internal said no');
  }
}

const refuse = problemsOf<'THING_TAKEN', { readonly thingId: number; readonly status: number }>({
  THING_TAKEN: { status: 409, title: 'The thing is taken', detail: 'Take another.', when: 'It is taken.' },
});

const faults: Record<string, () => unknown> = {
  door: () => refuse('THING_TAKEN', { extra: { thingId: 7, status: 200 }, headers: { 'x-hint': 'soon' } }),
  later: () => new Broken('later'),
  never: () => new Broken('never'),
  bug: () => new TypeError('secret internals at /srv/app'),
  thrownText: () => 'secret internals',
  database: () => Object.assign(new Error('connect ECONNREFUSED 10.0.0.5:5432'), { code: 'ECONNREFUSED' }),
  nest: () => new NotFoundException('secret internals'),
};

@Controller('things')
class ThingsController {
  @Get('fail/:how')
  fail(@Param('how') how: string): never {
    throw faults[how]?.();
  }

  @Get(':thingId')
  read(@Param('thingId') thingId: string, @Req() { id: requestId }: FastifyRequest): object {
    log.event('thing.read', { requestId });
    return { thingId };
  }

  @Post()
  @HttpCode(200)
  write(@Body() body: unknown, @RawBody() raw: unknown): object {
    return { got: body ?? null, raw: raw === undefined ? undefined : null };
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

let app: NestFastifyApplication;
let url: string;

let folder: string;
beforeAll(async () => {
  app = await createHttpApp(ThingsModule, settings, log);
  folder = await mkdtemp(join(tmpdir(), 'described-'));
  const description = join(folder, 'things.json');
  await writeFile(description, '{"info":{"title":"Things"}}');
  await serveApiDocs(app, pathToFileURL(description));
  url = await listenHttp(app, settings);
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function call(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url + path, init);
  return { status: response.status, headers: response.headers, body: Object(await response.json()) };
}

const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  call(path, {
    method: 'POST',
    body: new Uint8Array(Buffer.from(body)),
    headers: { 'content-type': 'application/json', ...headers },
  });

function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer.body).toMatchObject({ status, code, type: `urn:problem:${code}`, title: expect.any(String) });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'));
  expect(JSON.stringify(answer.body)).not.toMatch(
    /internals|db\.internal|10\.0\.0\.5|\/srv|Error:|FST_|node_modules/,
  );
}

describe('problems', () => {
  it("gives a door's own problem with its members and headers, which cannot replace the fixed ones", async () => {
    const answer = await call('/things/fail/door');
    expectProblem(answer, 409, 'THING_TAKEN');
    expect(answer.body).toMatchObject({ title: 'The thing is taken', detail: 'Take another.', thingId: 7 });
    expect(answer.headers.get('x-hint')).toBe('soon');
  });

  it.each([
    ['later', 503, 'SERVICE_UNAVAILABLE'],
    ['never', 500, 'INTERNAL_ERROR'],
    ['bug', 500, 'INTERNAL_ERROR'],
    ['thrownText', 500, 'INTERNAL_ERROR'],
    ['database', 503, 'SERVICE_UNAVAILABLE'],
    ['nest', 404, 'ROUTE_NOT_FOUND'],
  ])('tells nothing of the inside when a controller throws: %s', async (how, status, code) => {
    const answer = await call(`/things/fail/${how}`);
    expectProblem(answer, status, code);
    expect(answer.headers.has('retry-after')).toBe(status === 503);
    const failed = eventsOf(String(answer.body.requestId)).filter((event) => event.event === 'http.failed');
    expect(failed).toHaveLength(status >= 500 ? 1 : 0);
    if (status >= 500) expect(failed[0]).toMatchObject({ level: 'error', code, route: '/things/fail/:how' });
  });

  it('answers an unknown address with 404 and a known one with another method with 405 and Allow', async () => {
    expectProblem(await call('/nowhere'), 404, 'ROUTE_NOT_FOUND');
    expectProblem(await post('/nowhere', '{'), 404, 'ROUTE_NOT_FOUND');
    const wrong = await call('/things/1', { method: 'DELETE' });
    expectProblem(wrong, 405, 'METHOD_NOT_ALLOWED');
    expect(wrong.headers.get('allow')).toBe('GET, HEAD');
    expect((await call('/things', { method: 'GET' })).headers.get('allow')).toBe('POST');
  });

  it.each([['/things/%zz'], ['/%c0%ae'], [`/things/${'x'.repeat(300)}`]])(
    'answers an address the router itself refuses with a problem: %#',
    async (path) => {
      const answer = await call(path);
      expect([400, 414]).toContain(answer.status);
      expectProblem(answer, answer.status, answer.status === 414 ? 'URI_TOO_LONG' : 'BAD_REQUEST');
    },
  );

  it.each([
    ['no HTTP at all', 'hello there\r\n\r\n', 400],
    ['headers beyond every measure', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
  ])('answers %s with a problem and closes the connection', async (_what, bytes, status) => {
    const text = await exchange(bytes);
    expect(text).toContain(`HTTP/1.1 ${status} `);
    expect(text).toContain('application/problem+json');
    expect(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).toMatchObject({ status });
  });
});

describe('every answer', () => {
  it("echoes a sane request id of the caller's and makes one otherwise", async () => {
    const sane = 'req-1:2.3_4/5+6=@';
    expect((await call('/things/1', { headers: { 'x-request-id': sane } })).headers.get('x-request-id')).toBe(
      sane,
    );
    for (const odd of ['', 'two words', 'x'.repeat(65), '<script>', 'é']) {
      const { headers } = await call('/things/1', {
        headers: { 'x-request-id': Buffer.from(odd).toString('latin1') },
      });
      expect(headers.get('x-request-id')).toMatch(/^[\da-f]{8}-[\da-f-]{27}$/);
    }
  });

  it('carries the headers that keep it out of caches, frames and sniffers', async () => {
    for (const path of ['/things/1', '/nowhere', '/things/fail/bug', '/things/%zz']) {
      const { headers } = await call(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
      if (path === '/things/%zz') continue;
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  it('is one event with the route pattern and never the address, and shares its id with what the route wrote', async () => {
    const read = await call('/things/4711?q=private');
    await answered(read);
    expect(eventsOf(String(read.headers.get('x-request-id'))).map((event) => event.event)).toEqual([
      'thing.read',
      'http.answered',
    ]);
    expect(await answered(read)).toMatchObject({
      method: 'GET',
      route: '/things/:thingId',
      status: 200,
      ms: expect.any(Number),
    });
    expect(JSON.stringify(eventsOf(String(read.headers.get('x-request-id'))))).not.toMatch(/4711|private/);
  });

  it('keeps an idle connection for as long as the setting says, which its answers tell', async () => {
    const text = await exchange(
      'GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    expect(text.toLowerCase()).toContain('keep-alive: timeout=600');
  });

  it('names the problem code in its event', async () => {
    expect(await answered(await call('/things/fail/door'))).toMatchObject({
      status: 409,
      code: 'THING_TAKEN',
    });
    expect(await answered(await post('/things', '{'))).toMatchObject({ status: 400, code: 'MALFORMED_JSON' });
    expect(await answered(await call('/nowhere/4711'))).toMatchObject({ status: 404, route: '(none)' });
    expect(await answered(await call('/things/%zz'))).toMatchObject({ status: 400, route: '(none)' });
  });
});

describe('the API description', () => {
  it('is served for programs at /openapi.json and for people at /docs with all its parts', async () => {
    const described = await call('/openapi.json');
    expect(described.body).toEqual({ info: { title: 'Things' } });
    expect(described.headers.get('content-type')).toContain('application/json');
    const page = await fetch(`${url}/docs`);
    expect(page.headers.get('content-type')).toContain('text/html');
    const html = await page.text();
    const parts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, part]) => new URL(part ?? '', `${url}/docs`),
    );
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) {
      const answer = await fetch(part);
      expect(answer.status).toBe(200);
      // An answer nobody reads keeps its connection busy, and the stop waiting.
      await answer.arrayBuffer();
    }
    expect(html).not.toMatch(/<script>[^<]/);
  });

  it('comes with no other file of the viewer, and none beside the description', async () => {
    for (const path of ['/docs/index.html', '/docs/package.json', '/docs/..%2fpackage.json', '/things.json'])
      expect((await call(path)).status).toBe(404);
  });
});

/** The event of an answer may be written just after the client has read it. */
async function answered(answer: Answer): Promise<Record<string, unknown> | undefined> {
  const requestId = String(answer.headers.get('x-request-id'));
  for (const giveUpAt = Date.now() + 4_000; Date.now() < giveUpAt;) {
    const found = eventsOf(requestId).find((event) => event.event === 'http.answered');
    if (found !== undefined) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return undefined;
}

/** Sends raw bytes and reads until the server closes; `fetch` would not send what these tests need sent. */
function exchange(bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
    socket.on('error', reject);
  });
}
