/** So many lines of one kind are written in a window; further ones are counted. */
const WRITTEN = 10;
const WINDOW_MS = 10_000;
/** Kinds come from fields, and so in part from outside. */
const MOST_KINDS = 200;

interface Kind {
  lines: number;
  counted: number;
}

/**
 * Limits repeated lines, as in an outage: the first ones are written, then one line every ten seconds says how many
 * more there were.
 */
export class RepeatedLines {
  private readonly kinds = new Map<string, Kind>();

  /** @param tell writes that so many lines of that event were counted */
  constructor(private readonly tell: (event: string, reason: string | undefined, lines: number) => void) {}

  /** Whether this one is to be written. */
  isNew(event: string, reason: string | undefined): boolean {
    const key = `${event} ${reason ?? ''}`;
    const known = this.kinds.get(key);
    if (known === undefined) {
      if (this.kinds.size < MOST_KINDS) this.begin(key, event, reason);
      return true;
    }
    known.lines += 1;
    if (known.lines <= WRITTEN) return true;
    known.counted += 1;
    return false;
  }

  private begin(key: string, event: string, reason: string | undefined): void {
    const kind: Kind = { lines: 1, counted: 0 };
    this.kinds.set(key, kind);
    const look = (): void => {
      if (kind.counted === 0) {
        this.kinds.delete(key);
        return;
      }
      this.tell(event, reason, kind.counted);
      kind.counted = 0;
      setTimeout(look, WINDOW_MS).unref();
    };
    setTimeout(look, WINDOW_MS).unref();
  }
}
