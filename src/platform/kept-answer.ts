/** An answer is reused for at least this time. */
const LEAST_MS = 3_000;
/** And for this many times as long as it took: the queries take at most a twentieth of one connection. */
const TIMES_ITS_COST = 20;

/**
 * One answer for everybody who asks at about the same time. A dashboard that asks every second on every screen costs
 * the database no more than one that asks now and then; the more expensive the query, the less often it runs.
 */
export class KeptAnswer<Answer> {
  private kept: { readonly answer: Answer; readonly until: number } | undefined;
  private making: Promise<Answer> | undefined;

  /** @param mostMs after this time it is queried again, however expensive it was */
  constructor(
    private readonly make: () => Promise<Answer>,
    private readonly mostMs = Infinity,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** A failure is thrown to its callers and not kept. */
  look(): Promise<Answer> {
    if (this.kept && this.nowMs() < this.kept.until) return Promise.resolve(this.kept.answer);
    this.making ??= this.makeAnew().finally(() => (this.making = undefined));
    return this.making;
  }

  private async makeAnew(): Promise<Answer> {
    const begunMs = this.nowMs();
    const answer = await this.make();
    const endedMs = this.nowMs();
    const worthMs = Math.max(LEAST_MS, TIMES_ITS_COST * (endedMs - begunMs));
    this.kept = { answer, until: endedMs + Math.min(worthMs, this.mostMs) };
    return answer;
  }
}
