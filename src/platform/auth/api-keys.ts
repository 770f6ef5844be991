import { hash as digestOf, timingSafeEqual } from 'node:crypto';
import type { ApiKey } from './api-key-entries.js';
import type { Principal } from './principal.js';

/** The tokens of the key file, found by their hash: how long a look-up takes tells nothing about any token. */
export class ApiKeys {
  private readonly byHash: ReadonlyMap<string, ApiKey>;

  constructor(keys: readonly ApiKey[]) {
    this.byHash = new Map(keys.map((key) => [key.sha256, key]));
  }

  find(token: string): Principal | undefined {
    const hash = digestOf('sha256', token, 'buffer');
    const key = this.byHash.get(hash.toString('hex'));
    if (key === undefined) return undefined;
    return timingSafeEqual(hash, Buffer.from(key.sha256, 'hex')) ? key.principal : undefined;
  }
}
