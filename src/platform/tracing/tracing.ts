import { Origin, type SpanPlan, type TraceTools } from './origin.js';

/** Spans of this process since its start. */
export interface SpanCounts {
  /** Taken by the collector. */
  readonly exported: number;
  /** Sent, but not taken by the collector. */
  readonly failed: number;
  /** Thrown away because too many waited. */
  readonly dropped: number;
}

export interface RunningTraces extends TraceTools {
  readonly counts: SpanCounts;
  /** Sends what waits and ends, whatever the collector does. */
  stop(): Promise<void>;
}

/** Where traces begin: with a request that came in, or with work that was taken. While it is off it makes none. */
export class Tracing {
  static readonly OFF = new Tracing();

  constructor(private readonly traces?: RunningTraces) {}

  get isOn(): boolean {
    return this.traces !== undefined;
  }

  get counts(): SpanCounts | undefined {
    return this.traces?.counts;
  }

  /** @param traceparent as the header came, if one did */
  received(requestId: string, traceparent: string | undefined, plan: SpanPlan): Origin {
    return new Origin(requestId, this.traces).within(traceparent, plan);
  }

  /**
   * Work soon after it was sent: a part of the same trace.
   *
   * @param traceparent of the span that sent it, if it is known
   */
  taken(traceparent: string | undefined, plan: SpanPlan): Origin {
    return this.traces ? new Origin(undefined, this.traces).after(traceparent, plan) : Origin.NONE;
  }

  /** As `taken`, of a later attempt: a trace that is open for hours would be of no use. */
  takenLater(traceparent: string | undefined, plan: SpanPlan): Origin {
    return this.traces ? new Origin(undefined, this.traces).again(traceparent, plan) : Origin.NONE;
  }

  async stop(): Promise<void> {
    await this.traces?.stop();
  }
}
