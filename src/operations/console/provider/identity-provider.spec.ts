import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { loadSettings } from '../../../platform/config/load-settings.js';
import { HttpSettings } from '../../../platform/http/http.settings.js';
import { EventLog } from '../../../platform/logging/event-log.js';
import { IdentityProvider, type Redeemed } from './identity-provider.js';
import { ProviderSettings } from './provider.settings.js';
import {
  CLIENT_ID,
  json,
  NONCE,
  type OtherClaims,
  ScriptedProvider,
} from './spec-support/scripted-provider.js';

const PUBLIC_URL = 'https://payments.example.com';
const SECRETS = { state: 'the state', nonce: NONCE, verifier: 'v'.repeat(43) };
const folder = mkdtempSync(join(tmpdir(), 'identity-provider-'));

let scripted: ScriptedProvider;
const opened: IdentityProvider[] = [];
const log: string[] = [];

beforeAll(async () => {
  scripted = await ScriptedProvider.start();
});
afterAll(async () => {
  await scripted.stop();
  rmSync(folder, { recursive: true });
});
afterEach(async () => {
  scripted.reset();
  log.length = 0;
  await Promise.all(opened.splice(0).map((one) => one.onApplicationShutdown()));
});

function open(others: Readonly<Record<string, string>> = {}): IdentityProvider {
  const settings = loadSettings([ProviderSettings, HttpSettings], {
    CONSOLE_OIDC_ISSUER: scripted.issuer,
    CONSOLE_OIDC_CLIENT_ID: CLIENT_ID,
    CONSOLE_OIDC_OPERATE_GROUPS: 'payments-operators',
    CONSOLE_PUBLIC_URL: PUBLIC_URL,
    ...others,
  });
  const provider = new IdentityProvider(
    settings.get(ProviderSettings),
    settings.get(HttpSettings),
    new EventLog({ level: 'info' }, { write: (line) => void log.push(line) }),
  );
  opened.push(provider);
  return provider;
}

/** The query with which the provider sends the browser back. */
const answer = (others: Readonly<Record<string, string>> = {}): string =>
  `?${new URLSearchParams({ code: 'a code', state: SECRETS.state, iss: scripted.issuer, ...others }).toString()}`;

const redeem = (others: Readonly<Record<string, string>> = {}): Promise<Redeemed> =>
  open(others).redeem(answer(), SECRETS);

const seconds = (): number => Math.floor(Date.now() / 1000);

describe('an answer of the provider', () => {
  it('names the person and their scopes, and is redeemed with the verifier of this sign-in', async () => {
    expect(await redeem()).toEqual({
      outcome: 'known',
      person: 'ada',
      scopes: ['payments:operate'],
      idToken: expect.any(String),
    });
    expect(Object.fromEntries(new URLSearchParams(scripted.tokenRequest.body))).toEqual({
      grant_type: 'authorization_code',
      code: 'a code',
      redirect_uri: `${PUBLIC_URL}/console/sign-in/callback`,
      code_verifier: SECRETS.verifier,
      client_id: CLIENT_ID,
    });
    expect(scripted.calls).not.toContain('/me');
  });

  it('is redeemed with a redirect address that has the prefix a proxy removes', async () => {
    await redeem({ PUBLIC_PATH_PREFIX: '/gw/pay' });
    const sent = new URLSearchParams(scripted.tokenRequest.body);
    expect(sent.get('redirect_uri')).toBe(`${PUBLIC_URL}/gw/pay/console/sign-in/callback`);
  });

  it('is redeemed with the secret now in the file, by a method that the provider supports', async () => {
    const file = join(folder, 'secret');
    writeFileSync(file, 'first\n');
    const provider = open({ CONSOLE_OIDC_CLIENT_SECRET_FILE: file });
    await provider.redeem(answer(), SECRETS);
    const [, basic = ''] = scripted.tokenRequest.authorization.split(' ');
    expect(decodeURIComponent(Buffer.from(basic, 'base64').toString())).toBe(`${CLIENT_ID}:first`);
    writeFileSync(file, 'a second one\n');
    scripted.metadata = { token_endpoint_auth_methods_supported: ['client_secret_post'] };
    await open({ CONSOLE_OIDC_CLIENT_SECRET_FILE: file }).redeem(answer(), SECRETS);
    expect(new URLSearchParams(scripted.tokenRequest.body).get('client_secret')).toBe('a second one');
  });

  it('takes missing claims from the user info, for the same subject only', async () => {
    scripted.claims = { groups: undefined };
    scripted.userInfo = { sub: 'ada', groups: ['payments-operators'] };
    expect(await redeem()).toMatchObject({ outcome: 'known', scopes: ['payments:operate'] });
    scripted.userInfo = { sub: 'ben', groups: ['payments-operators'] };
    expect(await redeem()).toMatchObject({ outcome: 'refused' });
  });

  const bad: readonly (readonly [string, OtherClaims, string])[] = [
    ['for another application', { aud: 'other' }, 'OAUTH_JWT_CLAIM_COMPARISON_FAILED (aud)'],
    ['for us and an unknown one', { aud: [CLIENT_ID, 'other'], azp: CLIENT_ID }, 'WRONG_AUDIENCE (aud)'],
    [
      'for us, given to another one',
      { aud: [CLIENT_ID, 'x'], azp: 'x' },
      'OAUTH_JWT_CLAIM_COMPARISON_FAILED (azp)',
    ],
    ['of another issuer', { iss: 'https://evil.example' }, 'OAUTH_JWT_CLAIM_COMPARISON_FAILED (iss)'],
    ['of another sign-in', { nonce: 'another' }, 'OAUTH_JWT_CLAIM_COMPARISON_FAILED (nonce)'],
    ['of no sign-in', { nonce: undefined }, 'OAUTH_INVALID_RESPONSE'],
    ['that has ended', { exp: seconds() - 60 }, 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED (exp)'],
    ['that is not yet good', { nbf: seconds() + 120 }, 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED (nbf)'],
    ['that never ends', { exp: undefined }, 'OAUTH_INVALID_RESPONSE'],
    ['of nobody', { sub: undefined }, 'OAUTH_INVALID_RESPONSE'],
    ['of an empty name', { sub: '' }, 'PERSON_MISSING (sub)'],
  ];
  it.each(bad)('is refused with an ID token %s', async (_what, claims, reason) => {
    scripted.claims = claims;
    expect(await redeem()).toEqual({ outcome: 'refused', reason });
  });

  it('is accepted with a second audience that the settings name, and with a clock that is a little off', async () => {
    scripted.claims = {
      aud: [CLIENT_ID, 'portal'],
      azp: CLIENT_ID,
      exp: seconds() - 10,
      nbf: seconds() + 10,
    };
    expect(await redeem({ CONSOLE_OIDC_AUDIENCES: 'portal' })).toMatchObject({ outcome: 'known' });
  });

  it('is refused with an ID token that is not signed, signed by somebody else, altered, or none', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const forged: ((claims: JWTPayload) => string | Promise<string>)[] = [
      (claims) => scripted.unsigned(claims),
      (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'first' }).sign(privateKey),
      (claims) =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'HS256' })
          .sign(Buffer.from('a secret that both know!')),
      async (claims) => `${(await scripted.sign(claims)).slice(0, -6)}AAAAAA`,
      async (claims) =>
        (await scripted.sign(claims)).replace(/\.[^.]+\./, `.${encoded({ ...claims, sub: 'ben' })}.`),
      () => 'not a token',
      () => '',
      () => 'e30.e30.',
    ];
    for (const makeIdToken of forged) {
      scripted.makeIdToken = makeIdToken;
      expect(await redeem()).toMatchObject({ outcome: 'refused' });
    }
  });

  it('is refused from another issuer, without an issuer, with another state, or with a parameter twice', async () => {
    const provider = open();
    for (const search of [
      answer({ iss: 'https://evil.example' }),
      answer().replace(/&iss=[^&]+/, ''),
      answer({ state: 'another' }),
      `${answer()}&state=another`,
      `${answer()}&code=another`,
      `${answer()}&iss=https://evil.example`,
      answer({ code: '' }),
      `${answer()}&id_token=x`,
      `${answer()}&response=x`,
      '',
    ])
      expect({ search, ...(await provider.redeem(search, SECRETS)) }).toMatchObject({ outcome: 'refused' });
    expect(scripted.calls).not.toContain('/token');
  });

  it('is refused when it is an error, and only words of the standard are logged', async () => {
    const provider = open();
    expect(await provider.redeem(answer({ error: 'access_denied' }), SECRETS)).toEqual({
      outcome: 'refused',
      reason: 'PROVIDER_REFUSED (access_denied)',
    });
    expect(await provider.redeem(answer({ error: '<script>ada@example.com' }), SECRETS)).toEqual({
      outcome: 'refused',
      reason: 'PROVIDER_REFUSED (unreadable)',
    });
    scripted.answers.set('/token', (response) => json(response, { error: 'invalid_grant' }, 400));
    expect(await provider.redeem(answer(), SECRETS)).toEqual({
      outcome: 'refused',
      reason: 'CODE_REFUSED (invalid_grant)',
    });
  });
});

describe('the keys of the provider', () => {
  it('may be rotated at any moment', async () => {
    const provider = open();
    for (const kid of ['second', 'third', 'fourth']) {
      expect(await provider.redeem(answer(), SECRETS)).toMatchObject({ outcome: 'known' });
      await scripted.changeKey(kid);
    }
    expect(await provider.redeem(answer(), SECRETS)).toMatchObject({ outcome: 'known' });
  });
});

describe('a provider that fails', () => {
  const failures: readonly (readonly [string, string, string])[] = [
    ['/token', 'OAUTH_RESPONSE_IS_NOT_CONFORM', '500'],
    ['/token', 'OAUTH_RESPONSE_IS_NOT_JSON', 'page'],
    ['/token', 'OAUTH_PARSE_ERROR', 'garbage'],
    ['/token', 'network_error', 'hangs up'],
    ['/token', 'oversized', 'two megabytes'],
    ['/token', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'leads elsewhere'],
    ['/token', 'CODE_REFUSED (invalid_client)', 'does not know us'],
    ['/keys', 'network_error', 'hangs up'],
    ['/keys', 'OAUTH_RESPONSE_IS_NOT_CONFORM', '500'],
    ['/keys', 'oversized', 'two megabytes'],
  ];
  it.each(failures)('at %s gives the outcome unknown (%s) when it answers: %s', async (path, reason, how) => {
    scripted.answers.set(path, (response) => {
      if (how === 'hangs up') return void response.destroy();
      if (how === '500') return void response.writeHead(500).end();
      if (how === 'page') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
      if (how === 'leads elsewhere')
        return void response.writeHead(302, { location: `${scripted.issuer}/stolen` }).end();
      if (how === 'does not know us') return json(response, { error: 'invalid_client' }, 401);
      const body = how === 'garbage' ? '{"access_token' : `{"x":"${'x'.repeat(2_000_000)}"}`;
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    });
    expect(await redeem()).toEqual({ outcome: 'unknown', reason });
    expect(scripted.calls).not.toContain('/stolen');
    expect(log.join('')).toContain(
      `"event":"console.identity_provider_failed","step":"sign_in","reason":"${reason}"`,
    );
    expect(log.join('')).not.toMatch(/a code|an access token|eyJ|vvvv/);
  });

  it('is asked once for all who wait, and not again right after a failure', async () => {
    scripted.answers.set('/.well-known/openid-configuration', (response) => response.writeHead(503).end());
    const provider = open();
    expect(await Promise.all(Array.from({ length: 50 }, () => provider.isThere()))).not.toContain(true);
    expect(await provider.signInAt(SECRETS, false)).toBeUndefined();
    expect(scripted.calls).toHaveLength(1);
  });

  it('holds no page up for longer than a moment when it does not answer', async () => {
    let release = (): void => undefined;
    scripted.answers.set('/.well-known/openid-configuration', (response) => {
      release = () => response.destroy();
    });
    expect(await open().isThere()).toBe(false);
    release();
  });

  const wrong: readonly (readonly [string, object, string])[] = [
    ['another name', { issuer: 'https://evil.example' }, 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED'],
    ['no token endpoint', { token_endpoint: undefined }, 'ENDPOINT_MISSING (token_endpoint)'],
    ['no keys', { jwks_uri: undefined }, 'ENDPOINT_MISSING (jwks_uri)'],
    ['keys in the open', { jwks_uri: 'http://id.example/keys' }, 'ENDPOINT_NOT_SAFE (jwks_uri)'],
    [
      'a script',
      { authorization_endpoint: 'javascript:alert(1)' },
      'ENDPOINT_NOT_SAFE (authorization_endpoint)',
    ],
    [
      'a script to leave',
      { end_session_endpoint: 'data:text/html,x' },
      'ENDPOINT_NOT_SAFE (end_session_endpoint)',
    ],
  ];
  it.each(wrong)('is not used when its metadata has %s', async (_what, metadata, reason) => {
    scripted.metadata = { ...metadata };
    const provider = open();
    expect(await provider.isThere()).toBe(false);
    expect(await provider.signInAt(SECRETS, false)).toBeUndefined();
    expect(log.join('')).toContain(`"step":"discovery","reason":"${reason}"`);
  });
});

describe('signing out', () => {
  it('leads to the provider and back, where it has an address for that', async () => {
    const address = await open({ PUBLIC_PATH_PREFIX: '/gw' }).signOutAt('token');
    expect(address?.href.split('?')[0]).toBe(`${scripted.issuer}/leave`);
    expect(Object.fromEntries(address?.searchParams ?? [])).toEqual({
      client_id: CLIENT_ID,
      post_logout_redirect_uri: `${PUBLIC_URL}/gw/console/sign-in`,
      id_token_hint: 'token',
    });
    scripted.metadata = { end_session_endpoint: undefined };
    expect(await open().signOutAt('token')).toBeUndefined();
  });
});

describe('the settings of the provider', () => {
  it('name a file that cannot be used, never its content', () => {
    const file = join(folder, 'empty');
    writeFileSync(file, ' \n');
    expect(() => open({ CONSOLE_OIDC_CLIENT_SECRET_FILE: file })).toThrow(
      `CONSOLE_OIDC_CLIENT_SECRET_FILE: names ${file}, which is empty`,
    );
    expect(() => open({ CONSOLE_OIDC_CLIENT_SECRET_FILE: join(folder, 'none') })).toThrow('is not there');
    writeFileSync(file, 'secret text');
    expect(() => open({ CONSOLE_OIDC_CA_FILE: file })).toThrow('holds no certificate in PEM');
  });
});

function encoded(claims: JWTPayload): string {
  return Buffer.from(JSON.stringify(claims)).toString('base64url');
}
