import { signedText } from './message-signature.js';

export interface PastedMessage {
  readonly method: string;
  /** Of the request, for an answer too. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** One way in which the two sides may differ: undefined stands for none. */
export interface Variant<Value> {
  readonly value: Value;
  readonly cause?: string;
}

/** In the text that was signed; nobody makes more mistakes at once, and trying all of them takes seconds. */
const MOST_CAUSES = 3;

/** From here on each text takes long to hash, and there are thousands. */
const LARGE_BYTES = 65_536;

export interface TriedText {
  readonly text: Buffer;
  readonly causes: readonly string[];
}

/** The signed text in every way in which a sender is known to go wrong, the right one first. */
export function* textsOf(message: PastedMessage, clientId: string): Generator<TriedText> {
  const most = message.body.length > LARGE_BYTES ? 1 : MOST_CAUSES;
  for (const parts of combined(
    [
      methodsOf(message.method),
      pathsOf(message),
      clientsOf(message, clientId),
      timesOf(message),
      bodiesOf(message.body),
      LAYOUTS,
    ],
    most,
  )) {
    const [method, path, client, time, body, layout] = parts.map(({ value }) => value) as Parts; // as listed above
    yield {
      text: layout({ method, path, clientId: client, time, body }),
      causes: parts.flatMap(({ cause }) => cause ?? []),
    };
  }
}

type Layout = typeof signedText;
type Parts = [string, string, string, string, Buffer, Layout];

/** One of each list, with at most so many causes among them. */
function* combined(
  [first, ...rest]: readonly (readonly Variant<unknown>[])[],
  most: number,
): Generator<readonly Variant<unknown>[]> {
  if (first === undefined) return yield [];
  for (const one of first) {
    const left = one.cause === undefined ? most : most - 1;
    if (left < 0) continue;
    for (const others of combined(rest, left)) yield [one, ...others];
  }
}

const asText =
  (write: (head: string, tail: string, body: Buffer) => readonly (string | Buffer)[]): Layout =>
  ({ method, path, clientId, time, body }) =>
    Buffer.concat(write(`${method} ${path}`, `${clientId}.${time}`, body).map((part) => Buffer.from(part)));

const LAYOUTS: readonly Variant<Layout>[] = [
  { value: signedText },
  {
    value: asText((head, tail, body) => [`${head}\r\n${tail}.`, body]),
    cause: 'the first line of the signed text ended with CR and LF; it ends with LF alone',
  },
  {
    value: asText((head, tail, body) => [`${head}\\n${tail}.`, body]),
    cause: 'the signed text had a backslash and an n where its line ends',
  },
  {
    value: asText((head, tail, body) => [`${head}${tail}.`, body]),
    cause: 'the signed text had no line break behind the path',
  },
  {
    value: asText((head, tail, body) => [`${head}\n${tail}.`, body, '\n']),
    cause: 'the signed text had a line break at its end',
  },
  {
    value: asText((head, tail, body) => [`${head}\n${tail}\n`, body]),
    cause: 'the signed text had a line break before the body; there is a dot',
  },
  {
    value: ({ method, path, clientId, time, body }) =>
      Buffer.concat([Buffer.from(`${method} ${path}\n${clientId},${time},`), body]),
    cause: 'the parts of the signed text were joined with commas; there are dots',
  },
  {
    value: ({ method, path, clientId, time, body }) =>
      Buffer.concat([Buffer.from(`${method} ${path}\n${time}.${clientId}.`), body]),
    cause: 'the time was signed before the Client-Id',
  },
];

const methodsOf = (method: string): Variant<string>[] =>
  different([
    { value: method },
    { value: method.toLowerCase(), cause: 'the method was signed in lower case' },
    ...['POST', 'GET', 'PUT', ''].map((value) => ({ value, cause: 'another method was signed, or none' })),
  ]);

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
    { value: encodeURIComponent(path), cause: 'the path was signed with its slashes escaped' },
    { value: '/', cause: 'a slash was signed instead of the path' },
    { value: '', cause: 'no path was signed' },
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
    { value: clientId.toLowerCase(), cause: 'the Client-Id was signed in small letters' },
    { value: '', cause: 'no Client-Id was signed' },
  ]);
}

function timesOf({ headers }: PastedMessage): Variant<string>[] {
  const [time = '', other] = [headers['request-time'], headers['response-time']].filter(
    (one) => one !== undefined,
  );
  const at = /^\d{13}$/.test(time) ? Number(time) : Date.parse(time);
  const changed =
    'the time was signed in another spelling than the header has; sign and send one literal text';
  return different([
    { value: time },
    ...(other === undefined ? [] : [{ value: other, cause: 'the time of the other direction was signed' }]),
    ...(Number.isNaN(at) ? [] : spellings(at, time).map((value) => ({ value, cause: changed }))),
    { value: '', cause: 'no time was signed' },
  ]);
}

const MINUTE_MS = 60_000;
/** UTC+8, the zone of Alipay+'s days. */
const THEIR_OFFSET = '+08:00';

/** One moment as programs write it, in UTC, in theirs, and in the zone it came with. */
function spellings(at: number, time: string): readonly string[] {
  const own = /[+-]\d\d:?\d\d$/.exec(time)?.[0].replace(/:?(\d\d)$/, ':$1') ?? THEIR_OFFSET;
  const local = [own, THEIR_OFFSET, '+00:00'].flatMap((offset) => {
    const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number);
    const shift = (hours * 60 + minutes) * MINUTE_MS * (offset.startsWith('-') ? -1 : 1);
    const text = new Date(at + shift).toISOString().slice(0, -1);
    return [offset, offset.replace(':', ''), ...(shift === 0 ? ['Z'] : [])].map((end) => text + end);
  });
  return [
    ...local.flatMap((text) => [text, text.replace(/\.\d{3}(?=[Z+-])/, '')]),
    String(at),
    String(Math.floor(at / 1_000)),
  ];
}

function bodiesOf(body: Buffer): Variant<Buffer>[] {
  const text = body.toString('utf8');
  const variants: Variant<string>[] = [
    { value: text.trim(), cause: 'the body that was signed has no blanks or line break around it' },
    { value: `${text}\n`, cause: 'the body was signed with a line break at its end' },
    { value: text.replaceAll('\r\n', '\n'), cause: 'the line breaks of the body were changed on the way' },
    { value: `\uFEFF${text}`, cause: 'the body was signed with a byte order mark before it' },
    { value: '', cause: 'an empty body was signed' },
    { value: '{}', cause: 'an empty object was signed instead of the body' },
    ...['NFC', 'NFD'].map((form) => ({
      value: text.normalize(form),
      cause: 'the accents of the body were put together or taken apart on the way (Unicode NFC, NFD)',
    })),
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
    ...(['latin1', 'utf16le'] as const).map((charset) => ({
      value: Buffer.from(text, charset),
      cause: `the body was signed in ${charset === 'latin1' ? 'ISO-8859-1' : 'UTF-16'}; its bytes are UTF-8`,
    })),
  ];
}

/** As the libraries of common languages write JSON unless they are told otherwise. */
function serialisations(value: unknown): readonly string[] {
  const compact = [
    JSON.stringify(value),
    JSON.stringify(sorted(value)),
    JSON.stringify(value, (_key, held: unknown) => held ?? undefined),
  ];
  const spaced = compact.map((text) =>
    text.replaceAll(
      /("(?:[^"\\]|\\.)*")|([,:])/g,
      (_all, string?: string, sign = '') => string ?? `${sign} `,
    ),
  );
  return [
    ...[...compact, ...spaced].flatMap((text) => [text, inAscii(text)]),
    ...[2, 4, '\t'].map((indent) => JSON.stringify(value, null, indent)),
    JSON.stringify(value).replaceAll(/[&<>\u2028\u2029]/g, escaped),
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
  return text.replaceAll(/[\u0080-\uffff]/g, escaped);
}

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

export function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    // A malformed escape: this reading of the text is not possible.
    return undefined;
  }
}

/** Each value once, by the first of its causes. */
function different<Value>(variants: readonly Variant<Value>[]): Variant<Value>[] {
  return variants.filter(({ value }, at) => variants.findIndex((one) => one.value === value) === at);
}
