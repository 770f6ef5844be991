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
/** Labels that people and programs write before an id: `#7`, `№ 7`, `paymentId: "7"`, `urn:uuid:7`. */
const LABEL = /^(?:[#№]|[\p{L}_][\p{L}\d_. -]{0,40}["'”’]?\s*[:=：＝])\s*(?=\S)/u;
const MOST_LABELS = 3;
const DASHES = /[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]/g;
const TAGS = /<[/a-z][^<>]*>/gi;
const UUIDS =
  /(?<![\da-f])[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?![\da-f])|(?<![\da-z])[\da-f]{32}(?![\da-z])/gi;
const GROUPED_DIGITS = /^\d[\d\s-]{6,}\d$/;

/**
 * The identifier in a pasted text: without invisible characters, and without the quotes, brackets, commas and blanks
 * around it. A link to one of our pages stands for the id in it.
 */
export function trimmed(q: string): string {
  // A tab separates the columns of a table; a line break comes from a line that was too long.
  const text = q.replaceAll('\t', ' ').replace(INVISIBLE, '').trim();
  const linked = LINK.exec(text);
  // A code is searched as it is: its punctuation belongs to it.
  if (looksLikeCode(text) && linked === null) return text;
  return linked?.[1] ?? bare(text);
}

/**
 * Other ids that the same text may mean, the likeliest first, for when the text itself is unknown: without the label
 * before it, its HTML and its escapes; with usual dashes and digits; the one UUID in it; digits without the blanks that
 * group them; the longest word with a digit.
 *
 * ```ts
 * otherReadings('"paymentId": "018f3a5b000070008000000000000001"');
 * // ['018f3a5b000070008000000000000001', '018f3a5b-0000-7000-8000-000000000001']
 * ```
 */
export function otherReadings(id: string): string[] {
  if (looksLikeCode(id)) return [];
  const plain = unlabelled(bare(unescaped(id).normalize('NFKC').replace(TAGS, ' ').replace(DASHES, '-')));
  const uuids = new Set((plain.match(UUIDS) ?? []).map(hyphenated));
  const readings = [plain];
  if (uuids.size === 1) readings.push(...uuids);
  if (GROUPED_DIGITS.test(plain)) readings.push(plain.replace(/\D/g, ''));
  if (uuids.size <= 1) readings.push(longestNumber(plain));
  return [...new Set(readings)].filter((reading) => reading !== '' && reading !== id);
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
