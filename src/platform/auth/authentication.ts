import { Injectable } from '@nestjs/common';
import { readApiKeyFile } from './api-key-file.js';
import { AuthSettings } from './auth.settings.js';
import { JwtTokens, type JwtRules } from './jwt-tokens.js';
import type { ClaimRules } from './token-claims.js';
import type { TokenCheck, Principal } from './caller.js';
import { hash as digestOf, timingSafeEqual } from 'node:crypto';
import type { ApiKey } from './api-key-entries.js';

/** Characters of a bearer token (RFC 6750, section 2.1); anything else is not worth hashing. */
const BEARER = /^bearer +([\w.~+/-]+=*) *$/i;

/** Who the caller is, by the `Authorization` header: a token of the key file, or a JWT of the provider. */
@Injectable()
export class Authentication {
  private readonly apiKeys: ApiKeys;
  private readonly jwtTokens: JwtTokens | undefined;

  constructor(settings: AuthSettings) {
    const { apiKeysFile, jwksUrl, issuer, audience } = settings;
    this.apiKeys = new ApiKeys(apiKeysFile === undefined ? [] : readApiKeyFile(apiKeysFile));
    if (jwksUrl !== undefined && issuer !== undefined && audience !== undefined) {
      const keysStaleMs = settings.keysStaleHours * 3_600_000;
      this.jwtTokens = new JwtTokens({ jwksUrl, issuer, audience, keysStaleMs, ...claimRules(settings) });
    }
  }

  /** At once where the key file knows the token; only a JWT may have to wait for the keys of the provider. */
  check(authorization: string | undefined): TokenCheck | Promise<TokenCheck> {
    if (authorization === undefined) return { outcome: 'refused', reason: 'NO_TOKEN' };
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined) return { outcome: 'refused', reason: 'NO_BEARER_TOKEN' };
    const principal = this.apiKeys.find(token);
    if (principal !== undefined) return { outcome: 'known', principal };
    return this.jwtTokens?.check(token) ?? { outcome: 'refused', reason: 'UNKNOWN_TOKEN' };
  }
}

function claimRules(settings: AuthSettings): ClaimRules & Pick<JwtRules, 'audienceClaim'> {
  const { audienceClaim, customerClaim, scopeClaims, scopePrefix, serviceClients, serviceClaim } = settings;
  return {
    audienceClaim,
    customerClaim,
    scopeClaims,
    serviceClaim,
    scopePrefix: scopePrefix ?? '',
    serviceClients: serviceClients ?? [],
  };
}

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
