import type { RuntimeSettings } from '../../platform/config/runtime.settings.js';
import { hostAndPort, isOwnAddress, readPlainUrl } from '../../platform/outbound/plain-url.js';
import type { AlipayPlusSettings } from '../alipay-plus.settings.js';

export type UrlVerdict =
  | {
      readonly trusted: true;
      /** `host`, or `host:port` where the port is not the usual one. */
      readonly host: string;
      /** Listed letter for letter outside production: it may then also be a machine of ours, such as the local twin. */
      readonly anyAddress: boolean;
    }
  | { readonly trusted: false; readonly why: string };

export interface UrlRules {
  readonly hosts: readonly string[];
  /** Never in production. */
  readonly plainHttpAllowed: boolean;
}

export function urlRulesOf(
  { notifyHosts }: Pick<AlipayPlusSettings, 'notifyHosts'>,
  { isProduction, allowEmbedded }: Pick<RuntimeSettings, 'isProduction' | 'allowEmbedded'>,
): UrlRules {
  return { hosts: notifyHosts, plainHttpAllowed: !isProduction || allowEmbedded };
}

/**
 * Whether a `paymentNotifyUrl` may be posted to; asked when an order is decoded, before money moves, and again before
 * every call. It came in a signed answer, and is still not trusted: https only, no
 * credentials, a host of the allow-list, and no address of our own network. Plain http and such addresses only where
 * `host:port` is listed letter for letter and the settings allow it, which they never do in production. What a name
 * resolves to is judged again when it is connected to.
 */
export function judgeNotifyUrl(text: string, rules: UrlRules): UrlVerdict {
  const read = readPlainUrl(text);
  if (read.outcome === 'faulty') return refused(read.why);
  const { url } = read;
  // With its port: a list entry without one never means plain http.
  if (rules.plainHttpAllowed && rules.hosts.some((entry) => entry.toLowerCase() === hostAndPort(url)))
    return { trusted: true, host: url.host, anyAddress: true };
  if (url.protocol === 'http:') return refused('not_https');
  if (!rules.hosts.some((pattern) => matches(pattern, url))) return refused('host_not_allowed');
  if (isOwnAddress(url.hostname)) return refused('address_not_public');
  return { trusted: true, host: url.host, anyAddress: false };
}

/** The entry of the allow-list that an address falls under, whatever else may be wrong with it. */
export function listedHost(text: string, hosts: readonly string[]): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return hosts.find((entry) => matches(entry, url) || entry.toLowerCase() === url.host);
}

function refused(why: string): UrlVerdict {
  return { trusted: false, why };
}

/** `host`, `host:port`, or `*.domain` for every subdomain; without a port only the default one is meant. */
function matches(pattern: string, url: URL): boolean {
  const wanted = pattern.toLowerCase();
  const { hostname } = url;
  if (wanted.startsWith('*.'))
    return url.port === '' && hostname.endsWith(wanted.slice(1)) && hostname.length >= wanted.length;
  return url.host === wanted || (url.port === '' && `${hostname}:443` === wanted);
}
