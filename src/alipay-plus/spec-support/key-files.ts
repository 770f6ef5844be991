import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export function newKeyPair(modulusLength = 2048): KeyPair {
  return generateKeyPairSync('rsa', { modulusLength });
}

/** A directory of files for one spec; remove it when the spec is done. */
export class KeyFiles {
  private readonly directory = mkdtempSync(join(tmpdir(), 'alipay-plus-keys-'));

  write(name: string, content: string): string {
    const path = join(this.directory, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }

  writePrivate(name: string, { privateKey }: KeyPair): string {
    return this.write(name, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  }

  writePublic(name: string, { publicKey }: KeyPair): string {
    return this.write(name, publicKey.export({ type: 'spki', format: 'pem' }).toString());
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
