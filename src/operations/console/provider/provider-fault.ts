import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { errorCodeOf } from '../../../platform/error-code.js';
import { ANSWER_TOO_LARGE } from '../../../platform/outbound/outgoing-fetch.js';
import { transportFailure } from '../../../platform/outbound/transport-failure.js';

export interface ProviderFault {
  /** `sign_in`: this sign-in failed, another one may succeed. `provider`: nobody can sign in by it now. */
  readonly about: 'sign_in' | 'provider';
  /** For the log. Words of the standards and names of claims; never a value, a code or a token. */
  readonly reason: string;
}

/** Error codes that mean a fault of the provider, or of the settings on either side. */
const OF_PROVIDER = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_HTTP_REQUEST_FORBIDDEN',
  'OAUTH_REQUEST_PROTOCOL_FORBIDDEN',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
  'OAUTH_MISSING_SERVER_METADATA',
  'OAUTH_INVALID_SERVER_METADATA',
  'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
]);

/** Answers of the authorization endpoint that say nothing about the person. */
const NOT_NOW = new Set(['server_error', 'temporarily_unavailable']);

/** The meaning of an error of the library. Its causes hold whole answers with tokens in them, so none of it is kept. */
export function providerFault(error: unknown): ProviderFault {
  if (error instanceof AuthorizationResponseError) {
    const word = wordOf(error.error);
    return { about: NOT_NOW.has(word) ? 'provider' : 'sign_in', reason: `PROVIDER_REFUSED (${word})` };
  }
  if (error instanceof ResponseBodyError) {
    const word = wordOf(error.error);
    // A code that is used or belongs to somebody else; every other refusal concerns us as a client.
    return { about: word === 'invalid_grant' ? 'sign_in' : 'provider', reason: `CODE_REFUSED (${word})` };
  }
  const code = errorCodeOf(error);
  if (code?.startsWith('OAUTH_') === true) {
    const claim = claimIn(error);
    const reason = claim === undefined ? code : `${code} (${claim})`;
    return { about: OF_PROVIDER.has(code) ? 'provider' : 'sign_in', reason };
  }
  return { about: 'provider', reason: transportReason(error) };
}

function transportReason(error: unknown): string {
  const cause = error instanceof ClientError ? error.cause : error;
  return errorCodeOf(cause) === ANSWER_TOO_LARGE ? 'oversized' : transportFailure(cause);
}

/** A part of it comes through the browser, so it could be any text. */
function wordOf(text: string): string {
  return /^[a-z_]{1,40}$/.test(text) ? text : 'unreadable';
}

/** The name of the claim that did not fit; the innermost cause has it. */
function claimIn(error: unknown): string | undefined {
  let cause: unknown = error;
  for (let depth = 0; depth < 3 && typeof cause === 'object' && cause !== null; depth++) {
    const claim: unknown = Reflect.get(cause, 'claim');
    if (typeof claim === 'string') return wordOf(claim);
    cause = Reflect.get(cause, 'cause');
  }
  return undefined;
}
