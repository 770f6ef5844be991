import { readFileSync } from 'node:fs';
import { unreadableFile } from '../config/file-fault.js';
import { SettingsError } from '../config/load-settings.js';
import { KEY_BYTES } from './aes-gcm.js';
import type { WrappedKey, WrappingKeys } from './wrapping-keys.js';

const SETTING = 'DATA_KEYS_TRANSIT_URL';
const TOKEN_SETTING = 'DATA_KEYS_TRANSIT_TOKEN_FILE';
const PATIENCE_MS = 5_000;

/** Begins the names of keys that are elsewhere; no name in a file has a colon. */
const MARK = 'transit:';

export interface TransitAddress {
  /** The secrets engine, `https://vault.example:8200/v1/transit`. */
  readonly url: string;
  readonly key: string;
  readonly tokenFile: string;
}

/**
 * Wrapping keys that never leave a service with the API of HashiCorp Vault's transit engine (OpenBao has the same). The
 * context is authenticated with each data key, so the key there has to be one of AES-GCM or ChaCha20-Poly1305.
 */
export class TransitWrappingKeys implements WrappingKeys {
  readonly current: string;

  constructor(private readonly at: TransitAddress) {
    this.current = `${MARK}${at.key}`;
  }

  /** Whether a key is one of such a service. */
  static wraps({ wrappingKey }: WrappedKey): boolean {
    return wrappingKey.startsWith(MARK);
  }

  async wrap(dataKey: Buffer, context: string): Promise<WrappedKey> {
    const ciphertext = await this.ask('encrypt', this.at.key, 'ciphertext', {
      plaintext: dataKey.toString('base64'),
      associated_data: Buffer.from(context).toString('base64'),
    });
    return { wrappingKey: this.current, wrapped: Buffer.from(ciphertext) };
  }

  /** By the key of that name, which may be another one than the current. */
  async unwrap({ wrappingKey, wrapped }: WrappedKey, context: string): Promise<Buffer> {
    const plaintext = await this.ask('decrypt', wrappingKey.slice(MARK.length), 'plaintext', {
      ciphertext: wrapped.toString('utf8'),
      associated_data: Buffer.from(context).toString('base64'),
    });
    const dataKey = Buffer.from(plaintext, 'base64');
    if (dataKey.length !== KEY_BYTES) throw fault(`gives back a data key of ${dataKey.length} bytes`);
    return dataKey;
  }

  /** Nothing of what is sent or answered goes into an error. */
  private async ask(
    act: 'encrypt' | 'decrypt',
    key: string,
    field: 'ciphertext' | 'plaintext',
    body: Readonly<Record<string, string>>,
  ): Promise<string> {
    const headers = { 'content-type': 'application/json', 'x-vault-token': this.token() };
    let response: Response;
    try {
      response = await fetch(`${this.at.url.replace(/\/+$/, '')}/${act}/${encodeURIComponent(key)}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
        // A token goes nowhere but where it was meant to go.
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
    } catch (error) {
      throw fault(`cannot be reached to ${act} with the key ${key}`, error);
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw fault(`answers ${response.status} when it is to ${act} with the key ${key}`);
    }
    const value = fieldOf(await response.json().catch(() => undefined), field);
    if (value === undefined) throw fault(`answers without a ${field}`);
    return value;
  }

  /** Read each time: whoever renews it writes the file anew. */
  private token(): string {
    let token: string;
    try {
      token = readFileSync(this.at.tokenFile, 'utf8').trim();
    } catch (error) {
      const rule = unreadableFile(error, this.at.tokenFile);
      throw new SettingsError([{ name: TOKEN_SETTING, rule }], { cause: error });
    }
    if (/^[\x21-\x7e]+$/.test(token)) return token;
    throw new SettingsError([{ name: TOKEN_SETTING, rule: 'names a file that holds no token' }]);
  }
}

function fault(rule: string, cause?: unknown): SettingsError {
  return new SettingsError([{ name: SETTING, rule }], { cause });
}

function fieldOf(answer: unknown, field: string): string | undefined {
  if (typeof answer !== 'object' || answer === null || !('data' in answer)) return undefined;
  const { data } = answer;
  if (typeof data !== 'object' || data === null) return undefined;
  const value: unknown = Reflect.get(data, field);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
