import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type RemoteJWKSet } from 'jose';
import type { Principal, TokenCheck } from './caller.js';

/** Public-key algorithms only; a shared secret or `none` must never pass for a signature of the provider. */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA', 'Ed25519'];
const CLOCK_TOLERANCE_SECONDS = 5;
const FETCH_TIMEOUT_MS = 5_000;
/** A token with an unknown key id makes us look for new keys at most this often, whoever sends how many. */
const COOLDOWN_MS = 30_000;

export interface JwtRules {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
}

/** JWTs signed by the identity provider whose keys stand at `jwksUrl`. */
export class JwtTokens {
  private readonly keys: RemoteJWKSet;

  constructor(private readonly rules: JwtRules) {
    this.keys = createRemoteJWKSet(new URL(rules.jwksUrl), {
      timeoutDuration: FETCH_TIMEOUT_MS,
      cooldownDuration: COOLDOWN_MS,
    });
  }

  async check(token: string): Promise<TokenCheck> {
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        issuer: this.rules.issuer,
        audience: this.rules.audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        // A token that never ends could never be taken back.
        requiredClaims: ['exp'],
      });
      return principalOf(payload);
    } catch (error) {
      return isAboutToken(error)
        ? { outcome: 'refused', reason: error.code }
        : { outcome: 'unknown', cause: error };
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

/** Everything else went wrong on the way to the keys, and says nothing about the token. */
function isAboutToken(error: unknown): error is errors.JOSEError {
  return TOKEN_FAULTS.some((fault) => error instanceof fault);
}

function principalOf(payload: JWTPayload): TokenCheck {
  const { sub, client_id: clientId, azp } = payload;
  // An empty subject would read as a token for nobody in particular, which may act for everybody.
  if (sub !== undefined && (typeof sub !== 'string' || sub.trim() === '')) {
    return { outcome: 'refused', reason: 'EMPTY_SUBJECT' };
  }
  const claims: unknown[] = [clientId, azp, sub];
  const name = claims.find((claim): claim is string => typeof claim === 'string' && claim !== '') ?? 'jwt';
  const principal: Principal = { name, scopes: scopesOf(payload) };
  return { outcome: 'known', principal: sub === undefined ? principal : { ...principal, subject: sub } };
}

/** `scope` is one text with spaces (RFC 8693) or a list; some providers call it `scp`. */
function scopesOf({ scope, scp }: JWTPayload): ReadonlySet<string> {
  const claimed: unknown = scope ?? scp;
  if (typeof claimed === 'string') return new Set(claimed.split(' ').filter((one) => one !== ''));
  if (!Array.isArray(claimed)) return new Set();
  return new Set(claimed.filter((one): one is string => typeof one === 'string'));
}
