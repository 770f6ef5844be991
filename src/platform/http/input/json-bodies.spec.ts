import { connect } from 'node:net';
import { Body, Controller, Global, HttpCode, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { EventLog } from '../../logging/event-log.js';
import { LoggingModule } from '../../logging/logging.module.js';
import { BytesBody } from './json-bodies.js';
import { createHttpApp, listenHttp } from '../create-http-app.js';
import { HttpModule } from '../http.module.js';
import { HttpSettings } from '../http.settings.js';

const log = new EventLog({ level: 'silent' }, { write: () => undefined });
const settings = Object.assign(new HttpSettings(), {
  publicPathPrefix: '',
  bodyLimitBytes: 2_048,
  keepAliveMs: 600_000,
  shutdownDelayMs: 0,
  shutdownGraceMs: 1_000,
});

@Controller('things')
class ThingsController {
  @Post()
  @HttpCode(200)
  write(@Body() body: unknown): object {
    return { got: body ?? null };
  }

  @Post('bytes')
  @HttpCode(200)
  @BytesBody()
  bytes(@Body() body: Buffer | undefined): object {
    return { hex: Buffer.isBuffer(body) ? body.toString('hex') : null };
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

beforeAll(async () => {
  app = await createHttpApp(ThingsModule, settings, log);
  url = await listenHttp(app, { host: '127.0.0.1', port: 0 });
});
afterAll(() => app.close());

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function post(
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url + path, {
    method: 'POST',
    body: new Uint8Array(Buffer.from(body)),
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: response.status, body: Object(await response.json()) };
}

function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer).toMatchObject({
    status,
    body: { status, code, title: expect.any(String), requestId: expect.any(String) },
  });
}

describe('bodies', () => {
  it.each([
    ['broken JSON', '{"a":'],
    ['two texts', '{} {}'],
    ['a bare word', 'hello'],
    ['a key named twice', '{"a":1,"b":{"c":1,"c":2}}'],
    ['a key named twice in two spellings', '{"a":1,"\\u0061":2}'],
    ['a key that reaches into prototypes', '{"__proto__":{"admin":true}}'],
    ['a constructor that reaches into prototypes', '{"constructor":{"prototype":{"admin":true}}}'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ])('refuses %s with 400', async (_what, body) => {
    expectProblem(await post('/things', body), 400, 'MALFORMED_JSON');
  });

  it.each([
    ['text/plain', {}],
    ['application/x-www-form-urlencoded', {}],
    ['multipart/form-data; boundary=x', {}],
    ['application/json; charset=utf-16', {}],
    ['application/json', { 'content-encoding': 'gzip' }],
  ])('refuses %s %p with 415', async (type, headers) => {
    expectProblem(
      await post('/things', '{}', { 'content-type': type, ...headers }),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    );
  });

  it.each([
    'text/plain',
    'text/plain; charset=utf-16',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=latin1',
    'application/octet-stream',
    'application/vnd.api+json',
    '*/*',
    'image/png',
    'application/xml',
    'json',
    'text/',
    'undefined',
  ])('takes nothing for nothing, as %s', async (type) => {
    expect(await post('/things', '', { 'content-type': type })).toEqual({ status: 200, body: { got: null } });
  });

  it('refuses a body without a media type with 415', async () => {
    const text = await exchange(
      'POST /things HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}',
    );
    expect(text).toContain('HTTP/1.1 415 ');
  });

  it('refuses a body beyond the limit with 413, announced or not', async () => {
    const large = JSON.stringify({ a: 'x'.repeat(3_000) });
    expectProblem(await post('/things', large), 413, 'BODY_TOO_LARGE');
    const chunk = `${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`;
    const head =
      'POST /things HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n';
    expect(await exchange(`${head}transfer-encoding: chunked\r\n\r\n${chunk}`)).toContain('HTTP/1.1 413 ');
  });

  it('takes JSON in UTF-8 in any spelling of its media type, and no body at all', async () => {
    for (const type of [
      'application/json',
      'Application/JSON;charset=UTF-8',
      'application/json; charset="utf-8"',
    ]) {
      expect((await post('/things', '{"a":"é"}', { 'content-type': type })).body.got).toEqual({ a: 'é' });
    }
    expect((await post('/things', '')).body.got).toBeNull();
    const empty = await fetch(`${url}/things`, { method: 'POST' });
    expect(await empty.json()).toEqual({ got: null });
  });

  it.each([['application/json'], ['text/plain'], ['anything/else; charset=x']])(
    'hands the exact bytes of %s to a route that asks for bytes',
    async (type) => {
      const bytes = Buffer.from('{ "a" :1,\r\n"a":2} \u0000é', 'utf8');
      const { body } = await post('/things/bytes', bytes, { 'content-type': type });
      expect(body.hex).toBe(bytes.toString('hex'));
    },
  );
});

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

describe('a body in chunks', () => {
  const inChunks = (count: number): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      const head = [
        'POST /things HTTP/1.1',
        'host: x',
        'connection: close',
        'content-type: application/json',
      ];
      const body = ['{"a":1}', ...Array.from({ length: count - 1 }, () => ' ')]
        .map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`)
        .join('');
      let answer = '';
      socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
      socket.on('error', reject).on('close', () => resolve(answer));
      socket.write(`${head.join('\r\n')}\r\ntransfer-encoding: chunked\r\n\r\n${body}0\r\n\r\n`);
    });

  it('is put together from as many as anybody needs', async () =>
    expect(await inChunks(1_000)).toContain('{"got":{"a":1}}'));

  it('is too large in more, however short it is', async () => {
    const answer = await inChunks(1_001);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"code":"BODY_TOO_LARGE"');
  });
});
