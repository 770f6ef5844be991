/** The requests of apps that have failed at least once and are not answered yet. */
export class Troubles {
  private readonly open = new Set<symbol>();
  /** The number of answers and failures that apps had to repeat, by kind. */
  readonly counts = new Map<string, number>();

  /** @param trouble the open trouble of this request, if it has one */
  met(what: string, trouble: symbol | undefined): symbol {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
    const met = trouble ?? Symbol(what);
    this.open.add(met);
    return met;
  }

  over(trouble: symbol | undefined): void {
    if (trouble !== undefined) this.open.delete(trouble);
  }

  /** The open ones now; later ones do not count. */
  now(): { readonly left: () => number } {
    const then = new Set(this.open);
    return { left: () => [...then].filter((trouble) => this.open.has(trouble)).length };
  }
}
