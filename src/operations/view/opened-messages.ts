import { openedOr, type Place, type Sealing } from '../../platform/sealing/sealing.js';
import type { ShownMessages, TimelineRow } from './timeline.view.js';

const UNOPENED = '[not shown: it cannot be decrypted]';

/** The recorded messages of one payment, decrypted and without the scanned codes. */
export class OpenedMessages implements ShownMessages {
  private readonly opened = new Map<Buffer, Buffer>();
  private readonly redaction: CodeRedaction;

  constructor(
    sealing: Sealing,
    rows: readonly TimelineRow[],
    scans: readonly { readonly code_hash: Buffer }[],
  ) {
    for (const row of rows) {
      this.open(sealing, row.request, row.request_place);
      this.open(sealing, row.answer, row.answer_place);
    }
    const hashes = new Set(scans.map(({ code_hash: hash }) => hash.toString('hex')));
    const hashOf = (code: string): string | undefined =>
      sealing
        .digests(code)
        .map((digest) => digest.toString('hex'))
        .find((digest) => hashes.has(digest));
    this.redaction = new CodeRedaction([...this.opened.values()], hashOf);
  }

  textOf(message: Buffer): string {
    const opened = this.opened.get(message);
    return opened ? this.redaction.textOf(opened) : UNOPENED;
  }

  /** One message that cannot be read must not hide all others. */
  private open(sealing: Sealing, message: Buffer | null, place: Place | null): void {
    if (!message) return;
    const opened = place === null ? message : openedOr(undefined, () => sealing.open(place, message));
    if (opened) this.opened.set(message, opened);
  }
}

/** Replaces a message that cannot be shown without its code. */
const UNSHOWABLE = '[not shown: the code cannot be taken out of it]';

/** The most words checked for one view; a message of Alipay+ has a few hundred. */
const MOST_WORDS = 20_000;
const BETWEEN_WORDS = /[\s"'<>(){}[\],;|\\]+/;
const BETWEEN_PARTS = /[?&#=]+/;

/**
 * Shows recorded messages without the codes that payers scanned. Each code is replaced by its hash, which is enough to
 * recognise it but not to pay with it. This holds for all readers, whatever scopes they have. The codes themselves are
 * not stored: a text or a word of a message is a code when its hash is that of a scan.
 */
export class CodeRedaction {
  private readonly codes: ReadonlyMap<string, string>;

  /**
   * @param messages all messages to be shown: a code found in one is removed from all
   * @param hashOf the hash of a scan with that code, in hex; undefined when there is none
   */
  constructor(messages: readonly Buffer[], hashOf: (code: string) => string | undefined) {
    const codes = new Map<string, string>();
    const words = new Set(messages.flatMap((message) => wordsOf(message.toString('utf8'))));
    for (const word of [...words].slice(0, MOST_WORDS)) {
      const hash = hashOf(word);
      if (hash !== undefined) codes.set(word, `sha256:${hash}`);
    }
    this.codes = codes;
  }

  textOf(message: Buffer): string {
    const text = [...this.codes].reduce(withoutCode, message.toString('utf8'));
    return [...this.codes.keys()].some((code) => holds(text, code)) ? UNSHOWABLE : text;
  }
}

/** Everything in a message that may be a code: its texts, the words in them, and the parts of an address. */
function wordsOf(message: string): string[] {
  const words = textsIn(parsed(message) ?? message)
    .flatMap((text) => [text, ...text.split(BETWEEN_WORDS)])
    .flatMap((word) => [word, word.replace(/[.:!?]+$/, ''), ...word.split(BETWEEN_PARTS)]);
  return words.flatMap((word) => (word === '' ? [] : [word, ...percentDecoded(word)]));
}

function percentDecoded(word: string): string[] {
  if (!word.includes('%')) return [];
  try {
    return [decodeURIComponent(word)];
  } catch {
    return [];
  }
}

function withoutCode(text: string, [code, shown]: readonly [string, string]): string {
  const written = JSON.stringify(code).slice(1, -1);
  const forms = [written, written.replaceAll('/', String.raw`\/`), code, encodeURIComponent(code)];
  return forms.reduce((left, form) => left.replaceAll(form, () => shown), text);
}

/** All texts in a value, including field names. */
function textsIn(root: unknown): string[] {
  const texts: string[] = [];
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'object' && value !== null)
      waiting.push(...Object.keys(value), ...Object.values(value));
  }
  return texts;
}

/** JSON can spell a text in too many ways to search for; only the parsed text is compared. */
function holds(text: string, code: string): boolean {
  return textsIn(parsed(text)).some((value) => value.includes(code));
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    // A body that is not JSON is shown as it came; the code was searched in it as plain text.
    return undefined;
  }
}
