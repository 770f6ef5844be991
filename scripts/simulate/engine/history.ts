const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[78][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** The events, one readable line each. Random ids get short names, so that a replay reads the same. */
export class History {
  readonly lines: string[] = [];
  private readonly names = new Map<string, string>();

  tell(nowMs: number, who: string, what: string): void {
    const seconds = (nowMs / 1_000).toFixed(3);
    this.lines.push(`${seconds.padStart(10)}s ${who.padEnd(10)} ${this.named(what)}`);
  }

  named(text: string): string {
    return text.replaceAll(UUID, (id) => {
      const known = this.names.get(id) ?? `~${this.names.size + 1}`;
      this.names.set(id, known);
      return known;
    });
  }

  /** The lines that name one of these ids, and those needed to understand them. */
  about(ids: readonly string[]): string[] {
    const names = ids.map((id) => this.named(id));
    const words = new RegExp(`(?:${names.map(escaped).join('|')})(?![0-9])|\\*\\*\\*`);
    return this.lines.filter((line) => words.test(line));
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
