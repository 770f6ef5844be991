/**
 * What is wrong with the text of an address `scheme://user:password@host:port/name`, in words that follow the name of
 * its setting; undefined when nothing is. Never quotes the address: it may hold a password.
 *
 * The readers of such addresses in the drivers differ: one ends the password at `#`, another takes two hosts for one.
 */
export function addressFault(address: string, schemes: readonly string[]): string | undefined {
  const [scheme, rest] = splitOnce(address, '://');
  if (!schemes.includes(scheme)) return `must begin with ${schemes.map((one) => `${one}://`).join(' or ')}`;
  if (/\s/.test(rest)) return 'must not contain blanks';
  if (/%(?![\da-f]{2})/i.test(rest)) return 'has a % that begins no escape; write %25 for it';
  if (rest.includes('#')) return 'has a # in it, at which an address ends; write %23 for it';
  const authority = authorityOf(rest);
  const hosts = authority.slice(authority.lastIndexOf('@') + 1);
  if (authority.lastIndexOf('@') !== authority.indexOf('@'))
    return 'has more than one @; write %40 for one in user or password';
  if (hosts.includes(',')) return 'names more than one host; give one';
  if (!namesServer(scheme, rest)) return 'names no host';
  if (!isReadable(scheme, rest))
    return 'cannot be read; write special characters of user and password as %XX (%2F for /, %3F for ?, %40 for @), and the port as a number up to 65535';
  return undefined;
}

function authorityOf(rest: string): string {
  // A / or ? before the last @ belongs to the password, which is reported below.
  return rest.split(/[/?]/, 1)[0] ?? '';
}

/** Of PostgreSQL an address with a name after the slash, or with `host=`, is a socket of this machine. */
function namesServer(scheme: string, rest: string): boolean {
  if (scheme.startsWith('postgres')) return !/^(\?(?!.*\bhost=.*)|$)/.test(rest);
  // An address that cannot be read is reported by the next rule.
  return !/^([^/?@]*@)?(:\d+)?([/?]|$)/.test(rest);
}

/** An address without a host is a socket of this machine, for PostgreSQL. */
function isReadable(scheme: string, rest: string): boolean {
  const authority = authorityOf(rest);
  if (!authority.includes('@') && /^[^?]*@/.test(rest)) return false;
  const readable =
    authority.endsWith('@') || authority === ''
      ? rest.replace(authority, () => `${authority}localhost`)
      : rest;
  return URL.canParse(`${scheme}://${readable}`);
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
