import { errorCodeOf } from '../error-code.js';

/** Where a client was going; `pg.Client` is one. */
export interface Destination {
  readonly host: string;
  readonly port: number;
  readonly user?: string | undefined;
  readonly database?: string | undefined;
}

type Explain = (to: Destination, message: string) => string;

const at = ({ host, port }: Destination): string => (host.startsWith('/') ? host : `${host}:${port}`);

const isUntrusted: Explain = (to, message) =>
  `names ${at(to)}, whose certificate is not trusted (${message}); give its authority with sslrootcert=<file>`;

/** By the code of Node, or the SQLSTATE of the server. */
const BY_CODE: Readonly<Record<string, Explain>> = {
  ECONNREFUSED: (to) => `names ${at(to)}, where nothing listens`,
  ENOTFOUND: ({ host }) => `names the host ${host}, which is not known`,
  EAI_AGAIN: ({ host }) => `names the host ${host}, which cannot be looked up at the moment`,
  ENOENT: (to) => `names ${at(to)}, which is not there`,
  EHOSTUNREACH: (to) => `names ${at(to)}, to which there is no route`,
  ENETUNREACH: (to) => `names ${at(to)}, to which there is no route`,
  ETIMEDOUT: (to) => `names ${at(to)}, which does not answer`,
  ECONNRESET: (to) => `names ${at(to)}, which hung up`,
  EPROTO: (to) => `asks for TLS, which ${at(to)} does not speak`,
  DEPTH_ZERO_SELF_SIGNED_CERT: isUntrusted,
  SELF_SIGNED_CERT_IN_CHAIN: isUntrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: isUntrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: isUntrusted,
  CERT_HAS_EXPIRED: (to) => `names ${at(to)}, whose certificate has expired`,
  ERR_TLS_CERT_ALTNAME_INVALID: ({ host }) => `names ${host}, but the certificate there is for another host`,
  '28P01': ({ user }) => `is refused: wrong password for the user "${user}"`,
  '28000': (_, message) => `is refused: ${message}`,
  '3D000': ({ database }) => `names the database "${database}", which does not exist`,
  '42501': (_, message) => `is refused: ${message}`,
  '53300': (to) => `names ${at(to)}, which has no connection left`,
  '57P03': (to, message) => `names ${at(to)}, which takes no connections at the moment (${message})`,
};

/** What some failures without a code say. */
const BY_MESSAGE: readonly (readonly [pattern: RegExp, explain: Explain])[] = [
  [/does not support SSL/i, (to) => `asks for TLS, which the server at ${at(to)} does not offer`],
  [
    /password must be a (non-empty )?string/i,
    ({ user }) => `has no password for the user "${user}", and the server asks for one`,
  ],
  [/timeout|timed out/i, (to) => `names ${at(to)}, which does not answer`],
  [/terminated unexpectedly/i, (to) => `names ${at(to)}, which hung up; is it a PostgreSQL?`],
];

/**
 * Why a connection could not be made, in words that follow the name of the setting, without password.
 *
 * @param to undefined when the address was so wrong that no client could be made of it
 */
export function connectionFault(error: unknown, url: string, to: Destination | undefined): string {
  const message = withoutPassword(error instanceof Error ? error.message : String(error), url);
  if (to === undefined) {
    return errorCodeOf(error) === 'ENOENT'
      ? `names a file that cannot be read (${message})`
      : 'is no address that can be read; write special characters of user and password as %XX';
  }
  const explain =
    BY_CODE[errorCodeOf(error) ?? ''] ?? BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1];
  return explain?.(to, message) ?? `cannot be connected to (${message})`;
}

function withoutPassword(message: string, url: string): string {
  const password = /^[^:]+:\/\/[^:/]*:(.+)@/.exec(url)?.[1] ?? '';
  return password === '' ? message : message.replaceAll(password, '…');
}
