import { Injectable } from '@nestjs/common';

/** Something this process needs, and how to find out whether it is there. */
export interface HealthProbe {
  readonly name: string;
  /** Without it nothing can be answered rightly; a probe that is not required only makes the process degraded. */
  readonly required: boolean;
  /** Rejects when the part is not there. It may take long: the caller waits only for a limited time. */
  check(): Promise<void>;
  /** Since when it is not there, where that is known; else since a check failed first. In ms since 1970. */
  sinceMs?(): number | undefined;
}

/** What users of the service notice while a part is away, by the name of its probe; one sentence each. */
export class HealthMeanings {
  constructor(private readonly meanings: Readonly<Record<string, string>> = {}) {}

  of(probe: string): string {
    return this.meanings[probe] ?? '';
  }
}

/** Where the parts of the platform register the probes of readiness. */
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
