/** So many lines of one kind are written in a window; further ones are counted. */
const WRITTEN = 10;
const WINDOW_MS = 10_000;
/** With so many in a window it goes on: nothing but their number is written until it is over. */
const GOES_ON = 5;
/** While it goes on they are told once in so many windows. */
const TOLD_AFTER = 6;
/** Kinds come from fields, and so in part from outside. */
const MOST_KINDS = 200;

interface Kind {
  /** In this window. */
  lines: number;
  /** And not told yet. */
  counted: number;
  goesOn: boolean;
  /** Since it was told. */
  windows: number;
}

/**
 * Limits repeated lines, as in an outage: the first ones are written; then a line after ten seconds, one a minute, and one
 * when it is over say how many more there were.
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
    if (!known.goesOn && known.lines <= WRITTEN) return true;
    known.counted += 1;
    return false;
  }

  private begin(key: string, event: string, reason: string | undefined): void {
    const kind: Kind = { lines: 1, counted: 0, goesOn: false, windows: TOLD_AFTER };
    this.kinds.set(key, kind);
    const look = (): void => {
      const isOver = kind.lines < GOES_ON;
      kind.windows += 1;
      if (kind.counted > 0 && (isOver || kind.windows > TOLD_AFTER)) {
        this.tell(event, reason, kind.counted);
        Object.assign(kind, { counted: 0, windows: 0 });
      }
      if (isOver) {
        this.kinds.delete(key);
        return;
      }
      Object.assign(kind, { lines: 0, goesOn: true });
      setTimeout(look, WINDOW_MS).unref();
    };
    setTimeout(look, WINDOW_MS).unref();
  }
}
