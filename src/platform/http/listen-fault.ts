import type { SettingFault } from '../config/load-settings.js';
import { errorCodeOf } from '../error-code.js';
import type { HttpSettings } from './http.settings.js';

type Address = Pick<HttpSettings, 'host' | 'port'>;
type Explain = (address: Address) => SettingFault;

const port = (rule: (address: Address) => string): Explain => {
  return (address) => ({ name: 'PORT', rule: rule(address) });
};
const host = (rule: string): Explain => {
  return (address) => ({ name: 'HOST', rule: `names ${JSON.stringify(address.host)}, ${rule}` });
};

const isUnknown = host(
  'which is no address and no known name of one; give the host alone, without scheme and port',
);
const isNotOurs = host('which is no address of this machine; 0.0.0.0 stands for all it has');

/** By the code of Node. */
const BY_CODE: Readonly<Record<string, Explain>> = {
  EADDRINUSE: port(
    ({ host, port }) =>
      `${port} is in use at ${host}; stop the other program or give another port, 0 for any free one`,
  ),
  EACCES: port(({ port }) => `${port} may not be listened on by this process; take one from 1024 on`),
  EADDRNOTAVAIL: isNotOurs,
  EAFNOSUPPORT: isNotOurs,
  EINVAL: isNotOurs,
  ENOTFOUND: isUnknown,
  EAI_AGAIN: isUnknown,
  EAI_FAIL: isUnknown,
  EAI_NODATA: isUnknown,
};

/** Why the address of `HOST` and `PORT` cannot be listened on; undefined when the error is about something else. */
export function listenFault(error: unknown, address: Address): SettingFault | undefined {
  return BY_CODE[errorCodeOf(error) ?? '']?.(address);
}

interface OwnPortAddress extends Address {
  /** What the names of its two settings begin with. */
  readonly prefix: string;
  /** Absent: that of `HOST`. */
  readonly ownHost: string | undefined;
}

/** Why the address of a port beside that of `PORT` cannot be. */
export function ownPortFault(
  error: unknown,
  { prefix, ownHost, host, port }: OwnPortAddress,
): SettingFault | undefined {
  const fault = listenFault(error, { host: ownHost ?? host, port });
  const isOfHost = fault?.name === 'HOST' && ownHost === undefined;
  return fault && !isOfHost ? { ...fault, name: `${prefix}${fault.name}` } : fault;
}
