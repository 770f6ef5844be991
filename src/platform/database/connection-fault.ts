import { destinationFault, placeOf, type Destination } from '../config/destination-fault.js';
import { errorCodeOf } from '../error-code.js';

/** Where a client was going; `pg.Client` is one. */
export interface DatabaseDestination extends Destination {
  readonly user?: string | undefined;
  readonly database?: string | undefined;
}

type Explain = (to: DatabaseDestination, message: string) => string;

const isRefused: Explain = (_, message) => `is refused: ${message}`;

/** By the SQLSTATE of the server. */
const BY_SQLSTATE: Readonly<Record<string, Explain>> = {
  '28P01': ({ user }) => `is refused: wrong password for the user "${user}"`,
  '28000': isRefused,
  '3D000': ({ database }) => `names the database "${database}", which does not exist`,
  '42501': isRefused,
  '53300': (to) => `names ${placeOf(to)}, which has no connection left`,
  '57P03': (to, message) => `names ${placeOf(to)}, which takes no connections at the moment (${message})`,
  '25006': (to) => `names the database "${to.database}", which takes no writes`,
  '42P07': ({ database }, message) =>
    `names the database "${database}", in which there is something else already (${message}); give one of its own`,
};

/** The texts of failures that have no code. */
const BY_MESSAGE: readonly (readonly [pattern: RegExp, explain: Explain])[] = [
  [/does not support SSL/i, (to) => `asks for TLS, which the server at ${placeOf(to)} does not offer`],
  [
    /password must be a (non-empty )?string/i,
    ({ user }) => `has no password for the user "${user}", and the server asks for one`,
  ],
  [/timeout|timed out/i, (to) => `names ${placeOf(to)}, which does not answer; is it a PostgreSQL?`],
  [
    /terminated unexpectedly|invalid response|unknown (message|authentication)|expected length/i,
    (to) => `names ${placeOf(to)}, which does not speak as a PostgreSQL does`,
  ],
];

/**
 * Why a database cannot be worked with, in words that follow the name of the setting that gave its address, without
 * the password.
 *
 * @param to undefined when the address was so wrong that no client could be made of it
 */
export function connectionFault(error: unknown, url: string, to: DatabaseDestination | undefined): string {
  const message = withoutPassword(error instanceof Error ? error.message : String(error), url);
  const code = errorCodeOf(error) ?? '';
  if (to === undefined) return addressFault(error, message);
  const explain = BY_SQLSTATE[code] ?? BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1];
  return destinationFault(error, to) ?? explain?.(to, message) ?? `cannot be used (${message})`;
}

/** Why no client could be made of the address: of its form, or of what its parameters name. */
function addressFault(error: unknown, message: string): string {
  if (error instanceof Error && 'syscall' in error) return `names a file that cannot be read (${message})`;
  return error instanceof URIError || errorCodeOf(error) === 'ERR_INVALID_URL'
    ? 'is no address that can be read; write special characters of user and password as %XX'
    : `cannot be used (${message})`;
}

function withoutPassword(message: string, url: string): string {
  const password = /^[^:]+:\/\/[^:/]*:(.+)@/.exec(url)?.[1] ?? '';
  return password === '' ? message : message.replaceAll(password, '…');
}
