import { UsageError } from '../../command-line/run-command.js';
import type { PastedMessage } from '../../src/alipay-plus/signature/signed-text-variants.js';

/**
 * Reads a pasted message: its request line, headers, an empty line, and the body byte for byte.
 *
 * @throws UsageError when it has another form
 */
export function readMessage(bytes: Buffer): PastedMessage {
  const text = bytes.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text);
  const [line = '', ...headers] = (end === null ? text : text.slice(0, end.index)).split(/\r?\n/);
  const [, method, path] = /^([A-Z]+) (\S+)( HTTP\/[\d.]+)?$/i.exec(line.trim()) ?? [];
  if (method === undefined || path === undefined)
    throw new UsageError('The file must begin with a request line: POST /path HTTP/1.1');
  return {
    method,
    path,
    headers: Object.fromEntries(headers.flatMap(headerOf)),
    body: end === null ? Buffer.alloc(0) : bytes.subarray(end.index + end[0].length),
  };
}

function headerOf(line: string): [string, string][] {
  const at = line.indexOf(':');
  return at < 1 ? [] : [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()]];
}
