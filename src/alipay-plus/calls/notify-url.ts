import { isIP } from 'node:net';
import type { RuntimeSettings } from '../../platform/config/runtime.settings.js';
import { isPublicAddress } from '../../platform/outbound/public-address.js';
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
  const url = readUrl(text);
  if (!url) return refused('not_a_url');
  const why = faultOf(url, text);
  if (why !== undefined) return refused(why);
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

/** A parser takes blanks, tabs and backslashes out or turns them round, so that two readers see two hosts. */
function readUrl(text: string): URL | undefined {
  return /^[\x21-\x7e]+$/.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}

/** What is wrong with an address whatever the rules say. */
function faultOf(url: URL, text: string): string | undefined {
  if (url.username !== '' || url.password !== '') return 'credentials_in_url';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'not_https';
  return [url.host, hostAndPort(url)].includes(writtenHost(text)) ? undefined : 'host_not_plain';
}

/** A URL drops the default port, so it is put back: a list entry without a port never means plain http. */
function hostAndPort({ protocol, hostname, port }: URL): string {
  const usual = protocol === 'http:' ? '80' : '443';
  return `${hostname}:${port === '' ? usual : port}`;
}

function refused(why: string): UrlVerdict {
  return { trusted: false, why };
}

/**
 * The host as it stands there, in small letters. If the parser made another one of it, it was written in one of the
 * many ways that hide where a call goes: an IPv4 address as a number, escapes, letters of other alphabets.
 */
function writtenHost(text: string): string {
  return (/^https?:\/\/([^/?#]*)/i.exec(text)?.[1] ?? '').toLowerCase();
}

function isOwnAddress(hostname: string): boolean {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) !== 0 && !isPublicAddress(address);
}

/** `host`, `host:port`, or `*.domain` for every subdomain; without a port only the default one is meant. */
function matches(pattern: string, url: URL): boolean {
  const wanted = pattern.toLowerCase();
  const { hostname } = url;
  if (wanted.startsWith('*.'))
    return url.port === '' && hostname.endsWith(wanted.slice(1)) && hostname.length >= wanted.length;
  return url.host === wanted || (url.port === '' && `${hostname}:443` === wanted);
}
