import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type JWTVerifyGetKey,
  type JSONWebKeySet,
} from 'jose';
import type { OutgoingFetch } from '../outbound/outgoing-fetch.js';

type Key = Awaited<ReturnType<JWTVerifyGetKey>>;

/** How a key set is read. */
export const KEYS_FETCH = { timeoutMs: 5_000, maxBytes: 1024 * 1024 };
/** A token with an unknown key id makes us fetch the keys at most this often, however many such tokens come. */
const COOLDOWN_MS = 30_000;

/**
 * The keys an identity provider publishes. While it is away the keys that were read last go on working, for `staleMs`
 * after they were read; after that it is unknown whether a token is good.
 */
export function providerKeys(
  url: string,
  staleMs: number,
  fetch: OutgoingFetch['fetch'],
  now: () => number = () => performance.now(),
): JWTVerifyGetKey {
  let last: { readonly keys: JWTVerifyGetKey; readonly atMs: number } | undefined;
  let failedAtMs = -Infinity;
  const remote = createRemoteJWKSet(new URL(url), {
    timeoutDuration: KEYS_FETCH.timeoutMs,
    cooldownDuration: COOLDOWN_MS,
    [customFetch]: async (address, options) => {
      const response = await fetch(address, { ...options, headers: Object.fromEntries(options.headers) });
      if (!response.ok) return response;
      const keys = usableKeys(await response.json());
      // A page that tells of maintenance is no key set, and takes no key back.
      if (keys.keys.length === 0) throw new Error('the answer holds no key for signatures');
      last = { keys: keySet(keys), atMs: now() };
      return Response.json(keys);
    },
  });
  const known = async (...token: Parameters<JWTVerifyGetKey>): Promise<Key | undefined> => {
    if (last === undefined || now() - last.atMs > staleMs) return undefined;
    try {
      return await last.keys(...token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return undefined;
      throw error;
    }
  };
  return async (header, token) => {
    // No request waits for a provider that hung a moment ago.
    if (now() - failedAtMs < COOLDOWN_MS) {
      const key = await known(header, token);
      if (key !== undefined) return key;
    }
    try {
      return await remote(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey && last !== undefined) return last.keys(header, token);
      if (isAboutKeys(error)) throw error;
      failedAtMs = now();
      // A key that is not among the old ones may be a new one.
      const key = await known(header, token);
      if (key === undefined) throw error;
      return key;
    }
  };
}

function isAboutKeys(error: unknown): boolean {
  return error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
}

/** A provider may publish a key without a name although its tokens name one. */
function keySet(published: JSONWebKeySet): JWTVerifyGetKey {
  const all = createLocalJWKSet(published);
  const unnamed = createLocalJWKSet({ keys: published.keys.filter(({ kid }) => kid === undefined) });
  return async (header, token) => {
    try {
      return await all(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const { kid: _, ...others } = header;
      return unnamed(others, token);
    }
  };
}

/** One entry that is not a key for signatures must not spoil the others. */
function usableKeys(published: unknown): JSONWebKeySet {
  const isObject = typeof published === 'object' && published !== null;
  const entries: unknown = isObject && 'keys' in published ? published.keys : [];
  const keys = Array.isArray(entries) ? entries : [];
  return { keys: keys.filter(isSigningKey) };
}

function isSigningKey(entry: unknown): boolean {
  if (typeof entry !== 'object' || entry === null || !('kty' in entry)) return false;
  return (
    typeof entry.kty === 'string' && (!('use' in entry) || entry.use === undefined || entry.use === 'sig')
  );
}
