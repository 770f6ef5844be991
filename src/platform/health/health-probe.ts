/** Something this process needs, and how to find out whether it is there. */
export interface HealthProbe {
  readonly name: string;
  /** Without it nothing can be answered rightly; a probe that is not required only makes the process degraded. */
  readonly required: boolean;
  /** Rejects when it is not there. It may take its time: whoever asks waits only for a bounded one. */
  check(): Promise<void>;
}
