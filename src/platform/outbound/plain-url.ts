import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.js';

export type PlainUrl =
  | { readonly outcome: 'read'; readonly url: URL }
  | {
      readonly outcome: 'faulty';
      readonly why: 'not_a_url' | 'credentials_in_url' | 'not_https' | 'host_not_plain';
    };

/**
 * Reads an address of http or https that says plainly where a call goes: no blanks or backslashes, which two readers
 * read as two hosts, no credentials, and the host as it will be called.
 */
export function readPlainUrl(text: string): PlainUrl {
  // A parser removes blanks and tabs, and turns backslashes into slashes.
  const url = /^[\x21-\x7e]+$/.test(text) ? parsed(text) : undefined;
  if (!url) return { outcome: 'faulty', why: 'not_a_url' };
  if (url.username !== '' || url.password !== '') return { outcome: 'faulty', why: 'credentials_in_url' };
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return { outcome: 'faulty', why: 'not_https' };
  return [url.host, hostAndPort(url)].includes(writtenHost(text))
    ? { outcome: 'read', url }
    : { outcome: 'faulty', why: 'host_not_plain' };
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    // The only error there is. Asking before would parse every good address twice.
    return undefined;
  }
}

/** A URL drops the default port, so it is put back. */
export function hostAndPort({ protocol, hostname, port }: URL): string {
  const usual = protocol === 'http:' ? '80' : '443';
  return `${hostname}:${port === '' ? usual : port}`;
}

/** Whether the host is written as an address, and one that is nobody's on the internet; names are judged when called. */
export function isOwnAddress(hostname: string): boolean {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) !== 0 && !isPublicAddress(address);
}

/**
 * The host as it stands there, in small letters. If the parser made another one of it, it was written in one of the
 * many ways that hide where a call goes: an IPv4 address as a number, escapes, letters of other alphabets.
 */
function writtenHost(text: string): string {
  return (/^https?:\/\/([^/?#]*)/i.exec(text)?.[1] ?? '').toLowerCase();
}
