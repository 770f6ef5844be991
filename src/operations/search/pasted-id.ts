/** In characters: the longest of our columns that hold an id; a longer text can only be a code. */
const MAX_ID_LENGTH = 512;

/** Characters without width, which come with a text copied from web pages, chats and spreadsheets. */
const INVISIBLE = /[\p{Cf}\p{Cc}\u{FE00}-\u{FE0F}\u115F\u3164]/gu;
const OPENING = `"'\`(<[{“”„‘’‚«»‹›「『【〈《（［＜`;
const CLOSING = `"'\`)>]}“”‘’«»‹›」』】〉》）］＞,;.，、；。`;
/**
 * The address of a payment, scan, event or approval, here or in the console; also inside the markup of Markdown, HTML
 * or a chat.
 */
const LINK =
  /https?:\/\/[^?#\s|<>"')]*\/(?:payments\/|scans\/|notifications\/|events\/|approvals\/|approvals#approval-)([\da-f-]{36})(?![\da-f-])/i;
/** The address of a list of ours, and what it lists. */
const LIST = /https?:\/\/[^?#\s|<>"')]*\/(?:console|operations)\/[^?#\s|<>"')]*\?([^#\s|<>"']+)/i;
/** What a list is asked for by, the surest first. */
const ASKED_FOR = ['q', 'paymentId', 'paymentRequestId', 'scanId', 'referenceOrderId', 'customerId'];
/** Labels that people and programs write before an id: `#7`, `№ 7`, `paymentId: "7"`, `urn:uuid:7`. */
const LABEL = /^(?:[#№]|[\p{L}_][\p{L}\d_. -]{0,40}["'”’]?\s*[:=：＝])\s*(?=\S)/u;
const MOST_LABELS = 3;
const DASHES = /[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]/g;
const TAGS = /<[/a-z][^<>]*>/gi;
const UUIDS =
  /(?<![\da-f])[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?![\da-f])|(?<![\da-z])[\da-f]{32}(?![\da-z])/gi;
const GROUPED_DIGITS = /^\d[\d\s-]{6,}\d$/;

/** A pasted text as it is seen: without invisible characters, and without the blanks around it. */
export function visible(q: string): string {
  // A tab separates the columns of a table; a line break comes from a line that was too long.
  return q.replaceAll('\t', ' ').replace(INVISIBLE, '').trim();
}

/**
 * The ids that a pasted text may mean, the likeliest first; none for a text without content. A link to one of our pages
 * stands for the id in it. Any other text is an id itself, before anything is taken from it: its last bracket may belong to
 * it. Then without the quotes, brackets, commas and blanks around it; without the label before it, its HTML and its escapes;
 * with usual dashes and digits; the one UUID in it; digits without the blanks that group them; the longest word with a digit.
 *
 * ```ts
 * readingsOf('"paymentId": "018f3a5b000070008000000000000001"').at(-1); // '018f3a5b-0000-7000-8000-000000000001'
 * ```
 */
export function readingsOf(q: string): string[] {
  const text = visible(q);
  const linked = linkedId(text);
  if (linked !== undefined) return [linked];
  // A code is searched as it is: its punctuation belongs to it.
  if (looksLikeCode(text)) return [text];
  const id = bare(text);
  if (id === '') return [];
  const plain = unlabelled(bare(unescaped(id).normalize('NFKC').replace(TAGS, ' ').replace(DASHES, '-')));
  const uuids = new Set((plain.match(UUIDS) ?? []).map(hyphenated));
  const readings = [text, id, plain];
  if (uuids.size === 1) readings.push(...uuids);
  if (GROUPED_DIGITS.test(plain)) readings.push(plain.replace(/\D/g, ''));
  if (uuids.size <= 1) readings.push(longestNumber(plain));
  return [...new Set(readings)].filter((reading) => reading !== '');
}

/** Of a link that leads to a page of ours, also by way of another site that has it escaped in its own address. */
function linkedId(text: string): string | undefined {
  for (const address of [text, unescaped(text)]) {
    const id = LINK.exec(address)?.[1] ?? askedFor(LIST.exec(address)?.[1] ?? '');
    if (id !== undefined) return id;
  }
  return undefined;
}

function askedFor(query: string): string | undefined {
  const parameters = new URLSearchParams(query);
  return ASKED_FOR.map((name) => bare(visible(parameters.get(name) ?? ''))).find((id) => id !== '');
}

/** Codes are addresses, or longer than any id. */
export function looksLikeCode(q: string): boolean {
  return q.length > MAX_ID_LENGTH || q.includes('://');
}

function bare(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && isOneOf(OPENING, text[from])) from += 1;
  while (to > from && isOneOf(CLOSING, text[to - 1])) to -= 1;
  return text.slice(from, to);
}

function isOneOf(signs: string, sign = ''): boolean {
  return signs.includes(sign) || /\s/.test(sign);
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function unlabelled(text: string): string {
  let rest = text.replace(/[:=]$/, '');
  for (let labels = 0; labels < MOST_LABELS && LABEL.test(rest); labels += 1)
    rest = bare(rest.replace(LABEL, ''));
  return rest;
}

/** In a line of a table, or after a label without a colon. */
function longestNumber(text: string): string {
  const words = text.split(/[\s="'|]+/).map(bare);
  const numbers = words.filter((word) => /\d/.test(word)).toSorted((one, other) => other.length - one.length);
  return numbers[0] ?? '';
}

function hyphenated(uuid: string): string {
  const digits = uuid.replaceAll('-', '').toLowerCase();
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
