import { EVENT_TYPE_NAMES, type EventType } from '../payment-order/event/event-type.js';
import { isOwnAddress, readPlainUrl } from '../platform/outbound/plain-url.js';

/** One receiver of events. */
export interface EventEndpoint {
  readonly name: string;
  readonly url: string;
  /** As Standard Webhooks writes them, the newest first; every one signs. */
  readonly secrets: readonly string[];
  /** Absent: all. */
  readonly types?: readonly EventType[];
  /** Whether it may be a machine of our own network, whatever its name resolves to. */
  readonly anyAddress: boolean;
}

export interface EndpointRules {
  /** Plain http and addresses of our own network without a word; never in production. */
  readonly isTrial: boolean;
}

export type EndpointsRead =
  | { readonly outcome: 'read'; readonly endpoints: readonly EventEndpoint[] }
  | { readonly outcome: 'refused'; readonly faults: readonly string[] };

const KNOWN_FIELDS = new Set(['name', 'url', 'secrets', 'types', 'privateNetwork']);
const MOST_ENDPOINTS = 20;
const LONGEST_URL = 2_048;
/** The one in use and the one it is replaced by, or was. */
const MOST_SECRETS = 2;
/** Lengths that Standard Webhooks allows, in bytes. */
const SECRET_BYTES = { least: 24, most: 64 };
const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;
const SECRET = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;
/** Of a cloud's machines: their own name server and the door to their credentials. */
const LINK_LOCAL = /^(169\.254\.|\[fe[89ab])/i;

/**
 * Reads the text of an endpoints file; every fault is named by entry and field, and never with a secret.
 *
 * ```ts
 * readEndpoints('[{"name":"core","url":"https://core.example/events","secrets":["whsec_…"]}]', { isTrial: false });
 * ```
 */
export function readEndpoints(text: string, rules: EndpointRules): EndpointsRead {
  const entries = parseList(text);
  if (entries === undefined) return { outcome: 'refused', faults: ['must be a JSON list'] };
  if (entries.length > MOST_ENDPOINTS)
    return { outcome: 'refused', faults: [`must have at most ${MOST_ENDPOINTS} entries`] };
  const faults = [...entries.flatMap((entry, at) => faultsOf(entry, at, rules)), ...repeatedNames(entries)];
  if (faults.length > 0) return { outcome: 'refused', faults };
  return { outcome: 'read', endpoints: entries.map((entry) => endpointOf(entry, rules)) };
}

type Entry = Readonly<Record<string, unknown>>;

function parseList(text: string): readonly Entry[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    // A value that is not an object has no fields; each field is then reported as missing.
    return Array.isArray(parsed) ? parsed.map((entry: unknown) => ({ ...Object(entry) })) : undefined;
  } catch {
    // The parser quotes the text it trips over, and this text holds secrets.
    return undefined;
  }
}

function faultsOf(entry: Entry, at: number, rules: EndpointRules): string[] {
  const { name, url, secrets, types, privateNetwork } = entry;
  const rulesOfFields: [field: string, fault: string | undefined][] = [
    [
      'name',
      isName(name) ? undefined : 'must be 1 to 40 of a-z, 0-9 and -, and begin with a letter or digit',
    ],
    ['url', urlFault(url, privateNetwork === true, rules)],
    ['secrets', secretsFault(secrets)],
    ['types', typesFault(types)],
    [
      'privateNetwork',
      privateNetwork === undefined || typeof privateNetwork === 'boolean'
        ? undefined
        : 'must be true or false',
    ],
  ];
  const broken = rulesOfFields.flatMap(([field, fault]) =>
    fault === undefined ? [] : [`entry ${at}: ${field} ${fault}`],
  );
  const unknown = Object.keys(entry).filter((field) => !KNOWN_FIELDS.has(field));
  return [...broken, ...unknown.map((field) => `entry ${at}: ${JSON.stringify(field)} is not a known field`)];
}

const URL_FAULTS = {
  not_a_url: 'must be an address such as https://core.example/events',
  not_https: 'must be an https address',
  credentials_in_url: 'must not contain user or password',
  host_not_plain: 'must name its host plainly, in small letters and without escapes',
} as const;

function urlFault(text: unknown, isPrivate: boolean, { isTrial }: EndpointRules): string | undefined {
  if (typeof text !== 'string' || text.length > LONGEST_URL) return URL_FAULTS.not_a_url;
  const read = readPlainUrl(text);
  if (read.outcome === 'faulty') return URL_FAULTS[read.why];
  const { protocol, hostname, hash } = read.url;
  if (hash !== '') return 'must not contain #';
  if (LINK_LOCAL.test(hostname)) return 'must not be a link-local address';
  if (isTrial) return undefined;
  if (protocol !== 'https:') return 'must be an https address in production';
  return isOwnAddress(hostname) && !isPrivate
    ? 'is an address of a private network; say "privateNetwork": true if it is meant'
    : undefined;
}

function secretsFault(secrets: unknown): string | undefined {
  if (!Array.isArray(secrets) || secrets.length === 0 || secrets.length > MOST_SECRETS)
    return `must be a list of 1 or ${MOST_SECRETS} secrets`;
  const { least, most } = SECRET_BYTES;
  const isGood = (secret: unknown): boolean => {
    const [, key] = (typeof secret === 'string' && SECRET.exec(secret)) || [];
    const { length } = Buffer.from(key ?? '', 'base64');
    return length >= least && length <= most;
  };
  if (!secrets.every(isGood)) return `must each be whsec_ and ${least} to ${most} bytes in base64`;
  return new Set(secrets).size < secrets.length ? 'must not contain the same secret twice' : undefined;
}

function typesFault(types: unknown): string | undefined {
  if (types === undefined) return undefined;
  const isGood = (type: unknown): boolean => typeof type === 'string' && matching(type).length > 0;
  return Array.isArray(types) && types.length > 0 && types.every(isGood)
    ? undefined
    : `must be a list of event types, such as payment.paid, or payment.* for all about payments`;
}

function repeatedNames(entries: readonly Entry[]): string[] {
  const names = entries.map(({ name }) => name);
  return names.flatMap((name, at) =>
    isName(name) && names.indexOf(name) < at
      ? [`entry ${at}: name is the same as that of entry ${names.indexOf(name)}`]
      : [],
  );
}

function endpointOf(
  { name, url, secrets, types, privateNetwork }: Entry,
  { isTrial }: EndpointRules,
): EventEndpoint {
  const wanted = Array.isArray(types) ? types.flatMap((type) => matching(String(type))) : undefined;
  return {
    name: String(name),
    url: String(url),
    secrets: Array.isArray(secrets) ? secrets.map(String) : [],
    anyAddress: isTrial || privateNetwork === true,
    ...(wanted && { types: EVENT_TYPE_NAMES.filter((type) => wanted.includes(type)) }),
  };
}

function matching(wanted: string): readonly EventType[] {
  return EVENT_TYPE_NAMES.filter((type) => type === wanted || `${type.split('.')[0]}.*` === wanted);
}

function isName(name: unknown): name is string {
  return typeof name === 'string' && NAME.test(name);
}
