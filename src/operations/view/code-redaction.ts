import { createHash } from 'node:crypto';

/** What stands in the place of a message that cannot be shown without the code in it. */
const UNSHOWABLE = '[not shown: the code cannot be taken out of it]';

/**
 * Shows kept messages without the codes payers scanned: each is replaced by its hash, which is enough to recognise it
 * and not enough to pay with it. This holds for everybody, whatever they may see otherwise.
 */
export class CodeRedaction {
  private readonly codes: readonly string[];

  /** @param requests the bodies of the requests that carried the codes, as they were sent */
  constructor(requests: readonly Buffer[]) {
    this.codes = [...new Set(requests.flatMap(codesIn))];
  }

  textOf(message: Buffer): string {
    const text = this.codes.reduce(withoutCode, message.toString('utf8'));
    return this.codes.some((code) => holds(text, code)) ? UNSHOWABLE : text;
  }
}

function codesIn(request: Buffer): string[] {
  const code: unknown = parsed(request.toString('utf8'))?.codeValue;
  return typeof code === 'string' && code !== '' ? [code] : [];
}

function withoutCode(text: string, code: string): string {
  const written = JSON.stringify(code).slice(1, -1);
  const forms = [written, written.replaceAll('/', String.raw`\/`), code, encodeURIComponent(code)];
  const shown = `sha256:${createHash('sha256').update(code).digest('hex')}`;
  return forms.reduce((left, form) => left.replaceAll(form, shown), text);
}

/** JSON can spell a text in more ways than anybody searches for; what it means once it is read is decisive. */
function holds(text: string, code: string): boolean {
  const waiting: unknown[] = [parsed(text)];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string' && value.includes(code)) return true;
    if (typeof value === 'object' && value !== null)
      waiting.push(...Object.keys(value), ...Object.values(value));
  }
  return false;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    // Whatever came instead of JSON is shown as it came; its code was searched for as text.
    return undefined;
  }
}
