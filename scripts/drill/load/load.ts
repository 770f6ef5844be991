import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../../simulate/engine/seeded-random.js';
import type { AppWitness } from '../books/app-rules.js';
import { drawPlan, type PlanOptions } from './payer-plan.js';
import { playPayer, type Shop } from './payer-story.js';

export interface LoadOptions extends PlanOptions {
  readonly shop: Shop;
  readonly random: SeededRandom;
  readonly scansPerSecond: number;
}

/** Payers come no matter how the earlier ones fare; at most this many wait at a time. */
const MOST_AT_ONCE = 300;

/** Payers who keep coming at a steady rate. */
export class Load {
  readonly witnesses: AppWitness[] = [];
  /** The stories that broke off, each with its reason; empty in a drill that works. */
  readonly brokenOff: string[] = [];
  begun = 0;
  finished = 0;
  private readonly over = new AbortController();
  private readonly playing = new Set<Promise<void>>();
  private coming: Promise<void> | undefined;

  constructor(private readonly options: LoadOptions) {}

  get inHand(): number {
    return this.playing.size;
  }

  start(): void {
    this.coming ??= this.come();
  }

  /** No new payers come; resolves when all have finished. */
  async stop(): Promise<void> {
    this.over.abort();
    await this.coming;
    await Promise.all(this.playing);
  }

  private async come(): Promise<void> {
    const { signal } = this.over;
    const gapMs = 1_000 / this.options.scansPerSecond;
    let nextAt = Date.now();
    while (!signal.aborted) {
      if (this.inHand < MOST_AT_ONCE) this.play();
      nextAt = Math.max(nextAt + gapMs, Date.now() - gapMs);
      await sleep(Math.max(0, nextAt - Date.now()), undefined, { signal }).catch(() => undefined);
    }
  }

  private play(): void {
    const { random, shop } = this.options;
    const plan = drawPlan(random, this.begun, this.options);
    this.begun += 1;
    const playing = playPayer(plan, shop)
      .then(
        (witnesses) => void this.witnesses.push(...witnesses),
        (error: unknown) => void this.brokenOff.push(`${plan.codeValue}: ${String(error)}`),
      )
      .finally(() => {
        this.finished += 1;
        this.playing.delete(playing);
      });
    this.playing.add(playing);
  }
}
