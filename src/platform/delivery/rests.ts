import type { HealthProbe } from '../health/health-probes.js';

/** The hosts or endpoints that this process leaves alone, since when. */
export class Rests {
  private readonly since = new Map<string, number>();

  set(name: string, isResting: boolean): void {
    if (!isResting) this.since.delete(name);
    else if (!this.since.has(name)) this.since.set(name, Date.now());
  }

  /** For readiness: what is for others goes on, and for these nothing is lost. */
  probe(part: string): HealthProbe {
    return {
      name: part,
      required: false,
      check: async () => {
        if (this.since.size > 0) throw new Error(`left alone: ${[...this.since.keys()].join(', ')}`);
      },
      sinceMs: () => (this.since.size > 0 ? Math.min(...this.since.values()) : undefined),
    };
  }
}
