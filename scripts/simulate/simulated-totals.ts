import type { Simulated } from './simulation.js';

/** Totals over many histories. */
export class SimulatedTotals {
  /** The seeds that broke a guarantee, and which one. */
  readonly broken: { readonly seed: number; readonly guarantee: number; readonly what: string }[] = [];
  private readonly beganMs = performance.now();
  private readonly sums = { histories: 0, orders: 0, steps: 0, kills: 0, virtualMs: 0 };

  add({ seed, orders, steps, kills, virtualMs, violation, history }: Simulated): void {
    const { sums } = this;
    sums.histories += 1;
    sums.orders += orders;
    sums.steps += steps;
    sums.kills += kills;
    sums.virtualMs += virtualMs;
    if (violation)
      this.broken.push({ seed, guarantee: violation.guarantee, what: history.named(violation.what) });
  }

  view() {
    return { ...this.sums, broken: this.broken };
  }

  line(): string {
    const { histories, orders, steps, kills, virtualMs } = this.sums;
    const hours = Math.round(virtualMs / 3_600_000);
    const minutes = ((performance.now() - this.beganMs) / 60_000).toFixed(1);
    return (
      `${histories} histories, ${orders} orders, ${steps} steps, ${kills} kills, ${hours} h of virtual time ` +
      `in ${minutes} min: ${this.broken.length === 0 ? 'all hold' : `${this.broken.length} BREAK a guarantee`}`
    );
  }
}
