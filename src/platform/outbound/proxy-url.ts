import { ValidateBy } from 'class-validator';

/**
 * A setting that names an HTTP proxy. One that goes on to a path, or whose user and password cannot be decoded, would
 * only show at the first call.
 */
export function IsProxyUrl(): PropertyDecorator {
  return ValidateBy({
    name: 'proxyUrl',
    validator: {
      validate: isProxyUrl,
      defaultMessage: () =>
        'must be http(s)://user:password@host:port without a path; user and password percent-encoded',
    },
  });
}

function isProxyUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, pathname, search, hash, hostname, username, password } = new URL(value);
  return (
    /^https?:$/.test(protocol) &&
    hostname !== '' &&
    pathname + search + hash === '/' &&
    [username, password].every(isDecodable)
  );
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false; // A lone % is the only thing it refuses.
  }
}
