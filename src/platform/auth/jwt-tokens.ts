import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions } from 'jose';
import type { OutgoingFetch } from '../outbound/outgoing-fetch.js';
import type { TokenCheck } from './caller.js';
import { providerKeys } from './provider-keys.js';
import { principalOf, type ClaimRules } from './token-claims.js';

/** Public-key algorithms only; a shared secret or `none` must never pass for a signature of the provider. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_TOLERANCE_SECONDS = 5;

export interface JwtRules extends ClaimRules {
  readonly jwksUrl: string;
  /** For how long the keys read last are used while the provider cannot be reached. */
  readonly keysStaleMs: number;
  /** How `jwksUrl` is read. */
  readonly fetch: OutgoingFetch['fetch'];
  readonly issuer: string;
  /** A token is made for one of them. */
  readonly audiences: readonly string[];
  /** The claim with the audience: `aud`, or `client_id` in access tokens of Cognito, which have no `aud`. */
  readonly audienceClaim: string;
  /** The present time, by which a token has ended or not; absent: by the clock of this machine. */
  readonly now?: () => Date;
}

/** JWTs signed by the identity provider that publishes its keys at `jwksUrl`. */
export class JwtTokens {
  private readonly keys: JWTVerifyGetKey;
  private readonly fixed: JWTVerifyOptions;

  constructor(private readonly rules: JwtRules) {
    this.keys = providerKeys(rules.jwksUrl, rules.keysStaleMs, rules.fetch);
    const { issuer, audiences, audienceClaim } = rules;
    this.fixed = {
      issuer,
      ...(audienceClaim === 'aud' ? { audience: [...audiences] } : {}),
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      // A token without an end could never be revoked.
      requiredClaims: ['exp'],
    };
  }

  async check(token: string): Promise<TokenCheck> {
    try {
      const payload = await this.verified(token);
      const { audiences, audienceClaim } = this.rules;
      const claimed = new Set([payload[audienceClaim]].flat());
      if (audienceClaim !== 'aud' && !audiences.some((audience) => claimed.has(audience)))
        return { outcome: 'refused', reason: `WRONG_AUDIENCE (${audienceClaim})` };
      return principalOf(payload, this.rules);
    } catch (error) {
      return isAboutToken(error)
        ? { outcome: 'refused', reason: reasonOf(error) }
        : { outcome: 'unknown', cause: error };
    }
  }

  private get options(): JWTVerifyOptions {
    const { now } = this.rules;
    return now === undefined ? this.fixed : { ...this.fixed, currentDate: now() };
  }

  /** A token that names no key is tried with each that fits. */
  private async verified(token: string): Promise<JWTPayload> {
    try {
      return (await jwtVerify(token, this.keys, this.options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
      for await (const key of error) {
        try {
          return (await jwtVerify(token, key, this.options)).payload;
        } catch (fault) {
          if (!(fault instanceof errors.JWSSignatureVerificationFailed)) throw fault;
        }
      }
      throw new errors.JWSSignatureVerificationFailed();
    }
  }
}

const TOKEN_FAULTS = [
  errors.JWTClaimValidationFailed,
  errors.JWTExpired,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
];

/** Every other error happened while the keys were fetched, and says nothing about the token. */
function isAboutToken(error: unknown): error is errors.JOSEError {
  return TOKEN_FAULTS.some((fault) => error instanceof fault);
}

/** For the log: the claim by its name, never its value. */
function reasonOf(error: errors.JOSEError): string {
  const { code } = error;
  const isClaim = error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired;
  return isClaim ? `${code} (${error.claim} ${error.reason})` : code;
}
