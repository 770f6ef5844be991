import { constants, verify, type KeyObject } from 'node:crypto';
import { signedText } from './message-signature.js';
import { parseSignatureHeader } from './signature-header.js';

export interface PastedMessage {
  readonly method: string;
  /** Of the request, for an answer too. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface TriedKeys {
  /** The public key of the expected signer. */
  readonly theirs: KeyObject;
  /** The other side's: the mistake most often made. */
  readonly ours?: KeyObject;
}

export type Explanation =
  | { readonly outcome: 'verifies' }
  | { readonly outcome: 'explained'; readonly causes: readonly string[] }
  | { readonly outcome: 'unexplained'; readonly causes: readonly string[] };

/** One way in which the two sides may differ: undefined stands for none. */
interface Variant<Value> {
  readonly value: Value;
  readonly cause?: string;
}

/**
 * Why a signature does not verify: the signed text is built again in every way in which a sender is known to go wrong,
 * and the one that verifies with the fewest mistakes names them.
 */
export function explainSignature(message: PastedMessage, clientId: string, keys: TriedKeys): Explanation {
  const { headers } = message;
  const header = headers['signature'];
  if (header === undefined) return unexplained('there is no Signature header');
  if (headers['request-time'] === undefined && headers['response-time'] === undefined)
    return unexplained('there is neither a Request-Time nor a Response-Time header');
  const signatures = signaturesOf(header);
  if (signatures.length === 0)
    return unexplained('the Signature header is not algorithm=…,keyVersion=…,signature=… with base64');
  const causes = fewestCauses(message, clientId, { signatures, keys });
  if (causes === undefined)
    return unexplained(
      'no known mistake explains it: the key belongs to another pair, or the body is not the bytes that were signed',
    );
  return causes.length === 0 ? { outcome: 'verifies' } : { outcome: 'explained', causes };
}

/** In the text that was signed; nobody makes more mistakes at once, and trying all of them takes seconds. */
const MOST_CAUSES = 3;

function fewestCauses(
  message: PastedMessage,
  clientId: string,
  { signatures, keys }: { readonly signatures: readonly Variant<Buffer>[]; readonly keys: TriedKeys },
): readonly string[] | undefined {
  let best: readonly string[] | undefined;
  for (const { text, causes } of textsOf(message, clientId)) {
    if (causes.length > MOST_CAUSES) continue;
    for (const { key, signature, more } of proofsOf(signatures, keys)) {
      const all = [...causes, ...more];
      if (best !== undefined && all.length >= best.length) continue;
      const padding = paddingOf(text, signature, key);
      if (padding !== undefined) best = padding === '' ? all : [...all, padding];
    }
  }
  return best;
}

const unexplained = (cause: string): Explanation => ({ outcome: 'unexplained', causes: [cause] });

function signaturesOf(header: string): Variant<Buffer>[] {
  const raw = /signature\s*=\s*([^,]*)/i.exec(header)?.[1]?.trim() ?? '';
  const variants: Variant<string | undefined>[] = [
    { value: parseSignatureHeader(header)?.signature },
    { value: decoded(decoded(raw)), cause: 'the signature is URL-encoded twice' },
    { value: raw.replaceAll(' ', '+'), cause: 'a "+" of the signature became a blank on its way' },
  ];
  return variants.flatMap(({ value, ...rest }) =>
    value === undefined || !/^[\w+/-]+={0,2}$/.test(value)
      ? []
      : [{ value: Buffer.from(value, 'base64'), ...rest }],
  );
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    // A malformed escape: this reading of the text is not possible.
    return undefined;
  }
}

function* textsOf(
  message: PastedMessage,
  clientId: string,
): Generator<{ readonly text: Buffer; readonly causes: readonly string[] }> {
  for (const method of methodsOf(message.method))
    for (const path of pathsOf(message))
      for (const client of clientsOf(message, clientId))
        for (const time of timesOf(message))
          for (const body of bodiesOf(message.body)) {
            const parts = [method, path, client, time, body];
            yield {
              text: signedText({
                method: method.value,
                path: path.value,
                clientId: client.value,
                time: time.value,
                body: body.value,
              }),
              causes: parts.flatMap(({ cause }) => cause ?? []),
            };
          }
}

const methodsOf = (method: string): Variant<string>[] => [
  { value: method },
  { value: method.toLowerCase(), cause: 'the method was signed in lower case' },
];

function pathsOf({ path, headers }: PastedMessage): Variant<string>[] {
  const [bare = path] = path.split('?', 1);
  const host = headers['host'] ?? '';
  const variants: Variant<string>[] = [
    { value: path },
    { value: bare, cause: 'the path was signed without its query' },
    { value: `${bare}/`, cause: 'the path was signed with a slash at its end' },
    { value: bare.replace(/\/$/, ''), cause: 'the path was signed without the slash at its end' },
    { value: `https://${host}${path}`, cause: 'the whole address was signed instead of the path' },
    {
      value: bare.replace(/^\/[^/]+/, ''),
      cause: 'the path was signed without its first part: a proxy adds a prefix',
    },
    { value: decoded(path) ?? path, cause: 'the path was signed with its escapes decoded' },
  ];
  return different(variants);
}

function clientsOf({ headers }: PastedMessage, clientId: string): Variant<string>[] {
  return different([
    { value: clientId },
    {
      value: headers['client-id'] ?? clientId,
      cause: 'another Client-Id was signed than the one that is configured',
    },
  ]);
}

function timesOf({ headers }: PastedMessage): Variant<string>[] {
  const [time = '', other] = [headers['request-time'], headers['response-time']].filter(
    (one) => one !== undefined,
  );
  const at = /^\d{13}$/.test(time) ? Number(time) : Date.parse(time);
  const iso = Number.isNaN(at) ? time : new Date(at).toISOString();
  const changed =
    'the time was signed in another spelling than the header has; sign and send one literal text';
  return different([
    { value: time },
    ...(other === undefined ? [] : [{ value: other, cause: 'the time of the other direction was signed' }]),
    ...[
      iso,
      iso.replace('.000Z', 'Z'),
      iso.replace('Z', '+00:00'),
      iso.replace('.000Z', '+00:00'),
      String(at),
    ].map((value) => ({ value, cause: changed })),
  ]);
}

function bodiesOf(body: Buffer): Variant<Buffer>[] {
  const text = body.toString('utf8');
  const variants: Variant<string>[] = [
    { value: text.trim(), cause: 'the body that was signed has no blanks or line break around it' },
    { value: `${text}\n`, cause: 'the body was signed with a line break at its end' },
    { value: text.replaceAll('\r\n', '\n'), cause: 'the line breaks of the body were changed on the way' },
    { value: `\uFEFF${text}`, cause: 'the body was signed with a byte order mark before it' },
    { value: '', cause: 'an empty body was signed' },
  ];
  try {
    const value: unknown = JSON.parse(text);
    const cause = 'the body was serialised anew after it was signed; sign the bytes that are sent';
    for (const again of serialisations(value)) variants.push({ value: again, cause });
  } catch {
    // No JSON: then it was not serialised by anybody.
  }
  return [
    { value: body },
    ...different(variants).map(({ value, ...rest }) => ({ value: Buffer.from(value), ...rest })),
  ];
}

/** As the libraries of common languages write JSON unless they are told otherwise. */
function serialisations(value: unknown): readonly string[] {
  const compact = [JSON.stringify(value), JSON.stringify(sorted(value))];
  const spaced = compact.map((text) =>
    text.replaceAll(
      /("(?:[^"\\]|\\.)*")|([,:])/g,
      (_all, string?: string, sign = '') => string ?? `${sign} `,
    ),
  );
  return [
    ...[...compact, ...spaced].flatMap((text) => [text, inAscii(text)]),
    ...[2, 4].map((indent) => JSON.stringify(value, null, indent)),
    ...[JSON.stringify(value), inAscii(JSON.stringify(value))].map((text) => text.replaceAll('/', '\\/')),
  ];
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, held]) => [key, sorted(held)]));
}

function inAscii(text: string): string {
  return text.replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function* proofsOf(
  signatures: readonly Variant<Buffer>[],
  { theirs, ours }: TriedKeys,
): Generator<{ readonly key: KeyObject; readonly signature: Buffer; readonly more: readonly string[] }> {
  const keys: Variant<KeyObject>[] = [{ value: theirs }];
  if (ours !== undefined)
    keys.push({ value: ours, cause: 'it verifies with our own key: the keys of the two sides are mixed up' });
  for (const key of keys)
    for (const { value, cause } of signatures)
      yield {
        key: key.value,
        signature: value,
        more: [key.cause, cause].filter((one): one is string => one !== undefined),
      };
}

/** The mistake in the algorithm; empty for none, undefined when it does not verify at all. */
function paddingOf(text: Buffer, signature: Buffer, key: KeyObject): string | undefined {
  if (verify('RSA-SHA256', text, key, signature)) return '';
  for (const other of ['1', '384', '512'])
    if (verify(`RSA-SHA${other}`, text, key, signature))
      return `it was signed with SHA-${other} instead of SHA-256`;
  const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING };
  return verify('RSA-SHA256', text, pss, signature)
    ? 'it was signed with PSS instead of PKCS#1 v1.5'
    : undefined;
}

/** Each value once, by the first of its causes. */
function different<Value>(variants: readonly Variant<Value>[]): Variant<Value>[] {
  return variants.filter(({ value }, at) => variants.findIndex((one) => one.value === value) === at);
}
