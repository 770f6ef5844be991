import type { Simulated } from './simulation.js';

/** What many histories were, all together. */
export class SimulatedTotals {
  broken = 0;
  private readonly beganMs = performance.now();
  private readonly sums = { histories: 0, orders: 0, steps: 0, kills: 0, virtualMs: 0 };

  add({ orders, steps, kills, virtualMs, violation }: Simulated): void {
    const { sums } = this;
    sums.histories += 1;
    sums.orders += orders;
    sums.steps += steps;
    sums.kills += kills;
    sums.virtualMs += virtualMs;
    if (violation) this.broken += 1;
  }

  line(): string {
    const { histories, orders, steps, kills, virtualMs } = this.sums;
    const hours = Math.round(virtualMs / 3_600_000);
    const minutes = ((performance.now() - this.beganMs) / 60_000).toFixed(1);
    return (
      `${histories} histories, ${orders} orders, ${steps} steps, ${kills} kills, ${hours} h of virtual time ` +
      `in ${minutes} min: ${this.broken === 0 ? 'all hold' : `${this.broken} BREAK a guarantee`}`
    );
  }
}
