import { Injectable, Optional, type OnApplicationShutdown } from '@nestjs/common';
import { PeerClocks } from '../clock/peer-clocks.js';
import { readCertificates } from '../config/setting-file.js';
import { OutgoingFetch } from '../outbound/outgoing-fetch.js';
import { AUTH_CA_FILE, AuthSettings } from './auth.settings.js';
import { KEYS_FETCH } from './provider-keys.js';
import { JwtTokens, type JwtRules } from './jwt-tokens.js';
import type { ClaimRules } from './token-claims.js';
import type { TokenCheck } from './caller.js';
import { KeyRing } from './key-ring.js';

/** Characters of a bearer token (RFC 6750, section 2.1); anything else is not worth hashing. */
const BEARER = /^bearer +([\w.~+/-]+=*) *$/i;

/** Who the caller is, by the `Authorization` header: a key, or a JWT of the provider. */
@Injectable()
export class Authentication implements OnApplicationShutdown {
  private readonly calls: OutgoingFetch | undefined;
  private readonly jwtTokens: JwtTokens | undefined;

  /** @throws SettingsError naming a file that cannot be used */
  constructor(
    settings: AuthSettings,
    private readonly keys: KeyRing,
    @Optional() clocks?: PeerClocks,
  ) {
    const { jwksUrl, issuer, audiences } = settings;
    if (jwksUrl !== undefined && issuer !== undefined && audiences !== undefined) {
      const keysStaleMs = settings.keysStaleHours * 3_600_000;
      this.calls = outgoing(settings);
      const fetch = this.calls.fetch.bind(this.calls);
      const rules = { jwksUrl, issuer, audiences, keysStaleMs, fetch, ...claimRules(settings) };
      // No provider tells us its time, so it is taken to have the database's.
      const now = clocks && (() => clocks.nowFor('identity-provider'));
      this.jwtTokens = new JwtTokens({ ...rules, ...(now && { now }) });
    }
  }

  /** At once for a key; only a JWT may have to wait for the keys of the provider. */
  check(authorization: string | undefined): TokenCheck | Promise<TokenCheck> {
    if (authorization === undefined) return { outcome: 'refused', reason: 'NO_TOKEN' };
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined) return { outcome: 'refused', reason: 'NO_BEARER_TOKEN' };
    return (
      this.keys.find(token) ?? this.jwtTokens?.check(token) ?? { outcome: 'refused', reason: 'UNKNOWN_TOKEN' }
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.calls?.close();
  }
}

function outgoing({ proxyUrl, caFile }: AuthSettings): OutgoingFetch {
  const ca = caFile === undefined ? undefined : readCertificates(AUTH_CA_FILE, caFile);
  return new OutgoingFetch({ ...KEYS_FETCH, proxyUrl, ca });
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
