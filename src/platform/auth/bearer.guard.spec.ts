import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { exportJWK, generateKeyPair, SignJWT, type GenerateKeyPairResult } from 'jose';
import { loadSettings } from '../config/load-settings.js';
import { createHttpApp, listenHttp } from '../http/create-http-app.js';
import { HttpModule } from '../http/http.module.js';
import { HttpSettings } from '../http/http.settings.js';
import { EventLog } from '../logging/event-log.js';
import { LoggingModule } from '../logging/logging.module.js';
import { AuthModule } from './auth.module.js';
import { AuthSettings } from './auth.settings.js';
import { OpenController, ThingsController } from './spec-support/things.controllers.js';

const folder = mkdtempSync(join(tmpdir(), 'bearer-guard-'));
const lines: string[] = [];
const log = new EventLog({ level: 'debug' }, { write: (line) => lines.push(line) });
let keys: Record<'rs' | 'es' | 'ed' | 'foreign', GenerateKeyPairResult>;
let provider: Server;
let isProviderUp = true;
let app: NestFastifyApplication;
let url: string;

beforeAll(async () => {
  keys = {
    rs: await generateKeyPair('RS256', { extractable: true }),
    es: await generateKeyPair('ES256'),
    ed: await generateKeyPair('EdDSA'),
    foreign: await generateKeyPair('RS256'),
  };
  provider = await serveKeys();
  ({ app, url } = await start(Object(provider.address()).port));
});

afterAll(async () => {
  await app.close();
  await new Promise((resolve) => provider.close(resolve));
  rmSync(folder, { recursive: true });
});

/** A minimal identity provider: an address that publishes keys. */
async function serveKeys(): Promise<Server> {
  const published = await Promise.all(
    (['rs', 'es', 'ed'] as const).map(async (kid) => ({ ...(await exportJWK(keys[kid].publicKey)), kid })),
  );
  // Entries that are no keys, or not usable by us, among the good ones.
  const unusable = [null, 'key', {}, { kty: 'XYZ', kid: 'odd' }, { kty: 'RSA', kid: 'broken', use: 'sig' }];
  const server = createServer((_request, response) => {
    response.writeHead(isProviderUp ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: [...unusable, ...published] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function start(port: number): Promise<{ app: NestFastifyApplication; url: string }> {
  const sha256 = (token: string): string => createHash('sha256').update(token).digest('hex');
  const file = join(folder, `keys-${port}.json`);
  const entries = [
    { name: 'reader', sha256: sha256('key-reader'), scopes: ['things:read', 'more'], customerId: null },
    { name: 'bound', sha256: sha256('key-bound'), scopes: ['things:read'], customerId: 'c-1' },
    { name: 'writer', sha256: sha256('key-writer'), scopes: ['things:write', 'things:read:all'] },
  ];
  writeFileSync(file, JSON.stringify(entries));
  const auth = loadSettings([AuthSettings], {
    API_KEYS_FILE: file,
    AUTH_JWKS_URL: `http://127.0.0.1:${port}/jwks`,
    AUTH_ISSUER: 'the-issuer',
    AUTH_AUDIENCE: 'the-api',
  }).get(AuthSettings);
  const http = Object.assign(new HttpSettings(), {
    publicPathPrefix: '',
    bodyLimitBytes: 1_024,
    keepAliveMs: 600_000,
    shutdownDelayMs: 0,
    shutdownGraceMs: 1_000,
  });
  const providers = [
    { provide: AuthSettings, useValue: auth },
    { provide: HttpSettings, useValue: http },
  ];
  @Global()
  @Module({ providers, exports: providers.map(({ provide }) => provide) })
  class SettingsModule {}
  @Module({
    imports: [SettingsModule, LoggingModule.forRoot(log), HttpModule, AuthModule],
    controllers: [ThingsController, OpenController],
  })
  class ThingsModule {}
  const made = await createHttpApp(ThingsModule, http, log);
  return { app: made, url: await listenHttp(made, { host: '127.0.0.1', port: 0 }) };
}

async function call(path: string, authorization?: string, at = url) {
  const response = await fetch(at + path, { headers: authorization === undefined ? {} : { authorization } });
  const body: Record<string, unknown> = Object(await response.json());
  const { status, headers } = response;
  return { status, body, challenge: headers.get('www-authenticate'), requestId: headers.get('x-request-id') };
}

/** Undefined stands for a claim that is left out. */
type Claims = Readonly<Record<string, unknown>>;

interface Token {
  readonly claims?: Claims;
  readonly alg?: string;
  /** Undefined: the token names no key. */
  readonly kid?: string | undefined;
  readonly key?: GenerateKeyPairResult['privateKey'] | Uint8Array;
}

function jwt(token: Token = {}): Promise<string> {
  const { claims = {}, alg = 'RS256', key = keys.rs.privateKey } = token;
  const kid = 'kid' in token ? token.kid : 'rs';
  const soon = Math.floor(Date.now() / 1_000) + 60;
  const payload = {
    iss: 'the-issuer',
    aud: 'the-api',
    exp: soon,
    sub: 'c-9',
    scope: 'things:read',
    ...claims,
  };
  const kept = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined));
  return new SignJWT(kept).setProtectedHeader(kid === undefined ? { alg } : { alg, kid }).sign(key);
}

const bearer = async (token: Token): Promise<string> => `Bearer ${await jwt(token)}`;

const past = Math.floor(Date.now() / 1_000) - 600;

describe('a route that asks for a scope', () => {
  it('admits a key that has it, and knows the caller of each request', async () => {
    const answer = await call('/things', 'Bearer key-reader');
    expect(answer).toMatchObject({
      status: 200,
      body: { name: 'reader', scopes: ['things:read', 'more'], subject: null, requestId: answer.requestId },
    });
    const bound = await call('/things', 'bearer  key-bound');
    expect(bound.body).toMatchObject({ name: 'bound', subject: 'c-1' });
  });

  it('refuses a known caller without the scope with 403 and names the scope it lacks', async () => {
    const answer = await call('/things', 'Bearer key-writer');
    expect(answer).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN', title: 'Forbidden' },
    });
    expect(answer.challenge).toBe('Bearer error="insufficient_scope", scope="things:read"');
  });

  it('refuses a call without a token with 401 and a bare challenge', async () => {
    const answer = await call('/things');
    expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' }, challenge: 'Bearer' });
  });

  it.each([
    ['an unknown key', 'Bearer key-unknown'],
    ['no token after the scheme', 'Bearer '],
    ['another scheme', 'Basic a2V5LXJlYWRlcjo='],
    ['a token that is no token', 'Bearer a b'],
    ['the hash of a key', `Bearer ${createHash('sha256').update('key-reader').digest('hex')}`],
    ['a key with something behind it', 'Bearer key-reader,key-reader'],
  ])('refuses %s with 401', async (_what, authorization) => {
    const answer = await call('/things', authorization);
    expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    expect(answer.challenge).toBe('Bearer error="invalid_token"');
  });
});

describe('a JWT of the provider', () => {
  it.each([
    ['RS256', 'rs'],
    ['ES256', 'es'],
    ['EdDSA', 'ed'],
  ] as const)('is accepted when signed with %s', async (alg, kid) => {
    const answer = await call('/things', await bearer({ alg, kid, key: keys[kid].privateKey }));
    expect(answer).toMatchObject({
      status: 200,
      body: { name: 'jwt', subject: 'c-9', scopes: ['things:read'] },
    });
  });

  it.each<[string, Claims, object]>([
    ['a list', { scope: ['things:read', 'b'] }, { scopes: ['things:read', 'b'] }],
    ['a text with spaces', { scope: ' a  things:read ' }, { scopes: ['a', 'things:read'] }],
    ['scp', { scope: undefined, scp: ['things:read'] }, { scopes: ['things:read'] }],
    ['a client that is the subject', { sub: 'app-7', client_id: 'app-7' }, { name: 'app-7', subject: null }],
    ['several audiences', { aud: ['other', 'the-api'] }, { subject: 'c-9' }],
  ])('may have its scopes as %s', async (_what, claims, expected) => {
    expect(await call('/things', await bearer({ claims }))).toMatchObject({ status: 200, body: expected });
  });

  it.each<[string, Claims]>([
    ['that has ended', { exp: past }],
    ['that never ends', { exp: undefined }],
    ['that has not begun', { nbf: past + 1_200 }],
    ['of another issuer', { iss: 'someone-else' }],
    ['of no issuer', { iss: undefined }],
    ['for another audience', { aud: 'another-api' }],
    ['for no audience', { aud: undefined }],
    ['with an empty subject', { sub: ' ' }],
    ['of a client, with no subject', { sub: undefined, client_id: 'app-7' }],
  ])('is refused when it is one %s', async (_what, claims) => {
    expect(await call('/things', await bearer({ claims }))).toMatchObject({
      status: 401,
      body: { code: 'UNAUTHENTICATED' },
    });
  });

  it('is refused when signed with a key that is not published, whatever key id it names', async () => {
    expect((await call('/things', await bearer({ key: keys.foreign.privateKey }))).status).toBe(401);
    expect((await call('/things', await bearer({ key: keys.foreign.privateKey, kid: 'new' }))).status).toBe(
      401,
    );
  });

  it('is refused when signed with a shared secret, with nothing, or altered', async () => {
    const secret = new TextEncoder().encode('0123456789abcdef0123456789abcdef');
    expect((await call('/things', await bearer({ alg: 'HS256', key: secret }))).status).toBe(401);
    const [, payload = '', signature = ''] = (await jwt()).split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    expect((await call('/things', `Bearer ${none}.${payload}.`)).status).toBe(401);
    const altered = Buffer.from('{"sub":"c-1","scope":"things:read"}').toString('base64url');
    expect((await call('/things', `Bearer ${none}.${altered}.${signature}`)).status).toBe(401);
  });

  it('is accepted when it names no key: each suitable one is tried', async () => {
    expect((await call('/things', await bearer({ kid: undefined }))).status).toBe(200);
    const foreign = await bearer({ kid: undefined, key: keys.foreign.privateKey });
    expect((await call('/things', foreign)).status).toBe(401);
  });

  it('is forbidden without the scope', async () => {
    for (const claims of [
      { scope: undefined },
      { scope: 'things' },
      { scope: 'things:read:all' },
      { scope: 7 },
    ]) {
      expect((await call('/things', await bearer({ claims }))).status).toBe(403);
    }
  });

  it('is neither accepted nor refused while the keys cannot be fetched; keys of the file still work', async () => {
    const dark = await start(Object(provider.address()).port);
    isProviderUp = false;
    try {
      const answer = await call('/things', await bearer({}), dark.url);
      expect(answer).toMatchObject({ status: 503, body: { code: 'SERVICE_UNAVAILABLE' }, challenge: null });
      expect((await call('/things', 'Bearer key-reader', dark.url)).status).toBe(200);
      isProviderUp = true;
      expect((await call('/things', await bearer({}), dark.url)).status).toBe(200);
    } finally {
      isProviderUp = true;
      await dark.app.close();
    }
  });
});

describe('a route without a required scope', () => {
  it('is open when it says so', async () => {
    expect(await call('/open')).toMatchObject({ status: 200, body: { open: true } });
    expect((await call('/open', 'Bearer nonsense')).status).toBe(200);
  });

  it('is closed to everyone when its scope was forgotten', async () => {
    expect((await call('/things/forgotten')).status).toBe(401);
    const { requestId, ...answer } = await call('/things/forgotten', 'Bearer key-reader');
    expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    const told = lines.find((line) => line.includes('auth.route_without_scope')) ?? '';
    expect(JSON.parse(told)).toMatchObject({ requestId });
  });

  it('does not open a closed route beside it', async () => {
    expect((await call('/open/closed')).status).toBe(401);
    expect((await call('/open/closed', 'Bearer key-reader')).status).toBe(200);
  });
});

describe('the log', () => {
  it('says why a caller was refused, and holds no token', async () => {
    const token = await jwt({ claims: { exp: past } });
    await call('/things', `Bearer ${token}`);
    await call('/things', 'Bearer key-unknown-to-us');
    const reasons = lines
      .map((line) => Object(JSON.parse(line)))
      .filter((event) => event.event === 'auth.refused');
    expect(reasons.map((event) => event.reason)).toEqual(
      expect.arrayContaining([
        'ERR_JWT_EXPIRED (exp check_failed)',
        'ERR_JWT_CLAIM_VALIDATION_FAILED (aud missing)',
        'NO_CUSTOMER (sub)',
        'ERR_JWS_INVALID',
      ]),
    );
    expect(lines.join('')).not.toMatch(/key-unknown-to-us|key-reader/);
    expect(lines.join('')).not.toContain(token.split('.')[2]);
  });

  it('names no customer: a token with only a subject is called by its kind', async () => {
    const before = lines.length;
    const claims = { sub: 'c-private', client_id: undefined, scope: 'other:read' };
    expect((await call('/things', await bearer({ claims }))).status).toBe(403);
    const told = lines.slice(before).map((line) => JSON.parse(line));
    expect(told).toContainEqual(expect.objectContaining({ event: 'auth.forbidden', caller: 'jwt' }));
    expect(JSON.stringify(told)).not.toContain('c-private');
  });
});
