import { Injectable } from '@nestjs/common';
import type { HealthProbe } from './health-probe.js';

/** Where the parts of the platform put the probes readiness asks. */
@Injectable()
export class HealthProbes {
  private readonly probes = new Map<string, HealthProbe>();

  register(probe: HealthProbe): void {
    if (this.probes.has(probe.name)) throw new Error(`there are two health probes named ${probe.name}`);
    this.probes.set(probe.name, probe);
  }

  all(): readonly HealthProbe[] {
    return [...this.probes.values()];
  }
}
