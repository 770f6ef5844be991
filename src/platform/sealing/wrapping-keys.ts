import { createSecretKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileFault, unreadableFile } from '../config/file-fault.js';
import { SettingsError } from '../config/load-settings.js';
import { decrypted, encrypted, KEY_BYTES } from './aes-gcm.js';

const SETTING = 'DATA_KEYS_FILE';
const LINE = /^([\w.-]{1,64})\s+([A-Za-z0-9+/_-]{43}=?)$/;

/** A data key as it may be kept anywhere. */
export interface WrappedKey {
  /** The name of the key it is wrapped with. */
  readonly wrappingKey: string;
  readonly wrapped: Buffer;
}

/**
 * The holder of the keys that wrap data keys: a file, or a service that never gives them out. It is asked when a
 * process starts, when a data key was made, and by the commands that make and wrap them; never while a request waits.
 *
 * ```ts
 * class KmsWrappingKeys implements WrappingKeys {
 *   readonly current = 'arn:aws:kms:…';
 *   async wrap(key: Buffer, context: string) { … EncryptionContext: { context } … }
 * ```
 */
export interface WrappingKeys {
  /** The name of the key that wraps what is made from now on. */
  readonly current: string;
  wrap(dataKey: Buffer, context: string): Promise<WrappedKey>;
  /**
   * The data key, only for the context it was wrapped with.
   *
   * @throws SettingsError when the wrapping key is not known here, or is another one of the same name
   */
  unwrap(key: WrappedKey, context: string): Promise<Buffer>;
}

/** Wrapping keys in a file: who can read the file can read all personal data in the database. */
export class FileWrappingKeys implements WrappingKeys {
  private readonly keys: ReadonlyMap<string, KeyObject>;
  readonly current: string;

  /** @throws SettingsError naming the file and the rule, never a key */
  constructor(private readonly path: string) {
    this.keys = readKeys(path);
    const [first] = this.keys.keys();
    if (first === undefined) throw this.fault('is empty');
    this.current = first;
  }

  async wrap(dataKey: Buffer, context: string): Promise<WrappedKey> {
    const wrapped = encrypted(this.keyOf(this.current), context, dataKey, Buffer.alloc(0));
    return { wrappingKey: this.current, wrapped };
  }

  async unwrap({ wrappingKey, wrapped }: WrappedKey, context: string): Promise<Buffer> {
    const key = this.keyOf(wrappingKey);
    try {
      return decrypted(key, context, wrapped);
    } catch (error) {
      const rule = `holds another key under the name ${wrappingKey} than the database's data keys are wrapped with`;
      throw new SettingsError([{ name: SETTING, rule: fileFault(this.path, rule) }], { cause: error });
    }
  }

  private keyOf(name: string): KeyObject {
    const key = this.keys.get(name);
    if (key) return key;
    throw this.fault(`has no key ${name}, which the database's data keys are wrapped with`);
  }

  private fault(rule: string): SettingsError {
    return new SettingsError([{ name: SETTING, rule: fileFault(this.path, rule) }]);
  }
}

function readKeys(path: string): Map<string, KeyObject> {
  const keys = new Map<string, KeyObject>();
  for (const [at, line] of readLines(path).entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name = '', text = ''] = LINE.exec(line) ?? [];
    const key = Buffer.from(text, 'base64');
    const rule =
      key.length !== KEY_BYTES
        ? `has a line ${at + 1} that is not a name, a blank and 32 bytes in base64`
        : `has two keys of the name ${name}`;
    if (key.length !== KEY_BYTES || keys.has(name))
      throw new SettingsError([{ name: SETTING, rule: fileFault(path, rule) }]);
    keys.set(name, createSecretKey(key));
  }
  return keys;
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.trim());
  } catch (error) {
    throw new SettingsError([{ name: SETTING, rule: unreadableFile(error, path) }], { cause: error });
  }
}
