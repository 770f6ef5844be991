import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decrypted, encrypted } from './aes-gcm.js';
import { chosenWrappingKeys } from './chosen-wrapping-keys.js';
import { SealingSettings } from './sealing.settings.js';

const directory = mkdtempSync(join(tmpdir(), 'transit-'));
const tokenFile = join(directory, 'token');
const TOKEN = 's.renewed';
const KEY = createSecretKey(randomBytes(32));
const DATA_KEY = randomBytes(32);

interface Asked {
  readonly plaintext?: string;
  readonly ciphertext?: string;
  readonly associated_data: string;
}

/** Answers as the transit engine does; a test may set another `answer`. */
let answer: (() => readonly [status: number, body: string]) | undefined;
const server = createServer((request, response) => {
  void bodyOf(request).then((text) => {
    const [status, body] = answer?.() ?? transit(request, JSON.parse(text) as Asked); // as the adapter writes it
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
});

function transit({ url, headers }: IncomingMessage, asked: Asked): readonly [number, string] {
  if (headers['x-vault-token'] !== TOKEN) return [403, '{"errors":["permission denied"]}'];
  const context = Buffer.from(asked.associated_data, 'base64').toString();
  if (url === '/v1/transit/encrypt/mpp') {
    const sealed = encrypted(KEY, context, Buffer.from(asked.plaintext ?? '', 'base64'), Buffer.alloc(0));
    return [200, JSON.stringify({ data: { ciphertext: `vault:v3:${sealed.toString('base64')}` } })];
  }
  if (url !== '/v1/transit/decrypt/mpp') return [404, '{"errors":[]}'];
  try {
    const sealed = Buffer.from(asked.ciphertext?.split(':')[2] ?? '', 'base64');
    return [200, JSON.stringify({ data: { plaintext: decrypted(KEY, context, sealed).toString('base64') } })];
  } catch {
    return [400, '{"errors":["cipher: message authentication failed"]}'];
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

let url: string;
beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/transit`; // it listens on a port
});
beforeEach(() => {
  answer = undefined;
  writeFileSync(tokenFile, `${TOKEN}\n`);
});
afterAll(async () => {
  await new Promise((closed) => server.close(closed));
  rmSync(directory, { recursive: true });
});

function keys(change: Partial<SealingSettings> = {}) {
  const settings = { transitUrl: url, transitKey: 'mpp', transitTokenFile: tokenFile, ...change };
  const chosen = chosenWrappingKeys(Object.assign(new SealingSettings(), settings));
  if (!chosen) throw new Error('nobody is chosen');
  return chosen;
}

describe('wrapping keys that stay in a service', () => {
  it('wrap and unwrap, and the data key is not in the stored text', async () => {
    const wrapped = await keys().wrap(DATA_KEY, 'data_key:1:seal');
    expect(wrapped.wrappingKey).toBe('transit:mpp');
    expect(wrapped.wrapped.toString()).toMatch(/^vault:v3:/);
    expect(await keys().unwrap(wrapped, 'data_key:1:seal')).toEqual(DATA_KEY);
  });

  it('unwrap for the same id and purpose only', async () => {
    const wrapped = await keys().wrap(DATA_KEY, 'data_key:1:seal');
    await expect(keys().unwrap(wrapped, 'data_key:2:seal')).rejects.toThrow(
      'DATA_KEYS_TRANSIT_URL: answers 400 when it is to decrypt with the key mpp',
    );
  });

  it('unwrap a key wrapped by a file before them, and never wrap with it', async () => {
    const dataKeysFile = join(directory, 'data-keys');
    writeFileSync(dataKeysFile, `march ${randomBytes(32).toString('base64')}`);
    const file = chosenWrappingKeys(Object.assign(new SealingSettings(), { dataKeysFile }));
    const old = await file?.wrap(DATA_KEY, 'c');
    if (!old) throw new Error('the file wraps nothing');
    const both = keys({ dataKeysFile });
    expect(old.wrappingKey).toBe('march');
    expect(await both.unwrap(old, 'c')).toEqual(DATA_KEY);
    expect(await keys().unwrap(await both.wrap(DATA_KEY, 'c'), 'c')).toEqual(DATA_KEY);
    expect(both.current).toBe('transit:mpp');
  });

  it('are used with the token as it is now', async () => {
    const held = keys();
    writeFileSync(tokenFile, 's.expired');
    await expect(held.wrap(DATA_KEY, 'c')).rejects.toThrow('answers 403');
    writeFileSync(tokenFile, TOKEN);
    await expect(held.wrap(DATA_KEY, 'c')).resolves.toMatchObject({ wrappingKey: 'transit:mpp' });
  });

  it.each([
    ['a refusal', 503, '{"errors":["Vault is sealed"]}', /answers 503/],
    ['no JSON', 200, '<html>', /without a ciphertext/],
    ['nothing in it', 200, '{"data":null}', /without a ciphertext/],
    ['no text', 200, '{"data":{"ciphertext":7}}', /without a ciphertext/],
    ['an empty text', 200, '{"data":{"ciphertext":""}}', /without a ciphertext/],
  ])('are not trusted when the answer is %s', async (_what, status, body, rule) => {
    answer = () => [status, body];
    await expect(keys().wrap(DATA_KEY, 'c')).rejects.toThrow(rule);
  });

  it('return a whole key or none', async () => {
    const wrapped = await keys().wrap(DATA_KEY, 'c');
    answer = () => [200, JSON.stringify({ data: { plaintext: randomBytes(16).toString('base64') } })];
    await expect(keys().unwrap(wrapped, 'c')).rejects.toThrow('a data key of 16 bytes');
  });

  it('send their token to no other address', async () => {
    answer = () => [307, ''];
    await expect(keys().wrap(DATA_KEY, 'c')).rejects.toThrow(/DATA_KEYS_TRANSIT_URL: /);
  });

  it('name the setting whose file or server is missing, and never a token', async () => {
    await expect(keys({ transitTokenFile: join(directory, 'none') }).wrap(DATA_KEY, 'c')).rejects.toThrow(
      /DATA_KEYS_TRANSIT_TOKEN_FILE: .*is not there/,
    );
    writeFileSync(tokenFile, 'two words');
    await expect(keys().wrap(DATA_KEY, 'c')).rejects.toThrow(
      'DATA_KEYS_TRANSIT_TOKEN_FILE: names a file that holds no token',
    );
    writeFileSync(tokenFile, TOKEN);
    const error: unknown = await keys({ transitUrl: 'http://127.0.0.1:1' })
      .wrap(DATA_KEY, 'c')
      .catch((reason: unknown) => reason);
    expect(String(error)).toContain('DATA_KEYS_TRANSIT_URL: cannot be reached to encrypt');
    expect(String(error)).not.toContain(TOKEN);
  });

  it('need a token file', () => {
    const settings = Object.assign(new SealingSettings(), { transitUrl: url, transitKey: 'mpp' });
    expect(() => chosenWrappingKeys(settings)).toThrow('DATA_KEYS_TRANSIT_TOKEN_FILE: is missing');
  });
});
