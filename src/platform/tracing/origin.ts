import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Link,
  type Span,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';

/** What spans are made with while tracing is on. */
export interface TraceTools {
  readonly tracer: Tracer;
  /** As a `traceparent` of W3C Trace Context. */
  write(context: SpanContext): string;
  /** Undefined for a text that is not one. */
  read(traceparent: string): SpanContext | undefined;
}

const KINDS = {
  received: SpanKind.SERVER,
  call: SpanKind.CLIENT,
  sent: SpanKind.PRODUCER,
  taken: SpanKind.CONSUMER,
} as const;

/** A span to be: no id, no value of a request and nothing secret belongs into its name or attributes. */
export interface SpanPlan {
  readonly name: string;
  readonly kind: keyof typeof KINDS;
  readonly attributes: Attributes;
}

/** What stands in a line of the log for an origin. */
interface LineFields {
  readonly requestId?: string;
  readonly trace_id?: string;
  readonly span_id?: string;
}

/**
 * Why something is done: the request or the job that it is done for, and the span that it belongs to while tracing is
 * on. Handed on as a value to all code that logs, makes calls or wakes a queue.
 *
 * ```ts
 * log.event('thing.asked', { origin, outcome });
 * const call = origin.under({ name: 'thing ask', kind: 'call', attributes: {} });
 * await post(url, { headers: call.headers });
 * call.end();
 * ```
 */
export class Origin {
  /** Nothing is known of it; in the background, while tracing is off. */
  static readonly NONE = new Origin();

  private readonly of: SpanContext | undefined;
  private written: string | undefined;
  private line: LineFields | undefined;

  /** @param tools absent while tracing is off: then there is no span either, and nothing here costs anything */
  constructor(
    readonly requestId?: string,
    private readonly tools?: TraceTools,
    private readonly span?: Span,
  ) {
    this.of = span?.spanContext();
  }

  get traceId(): string | undefined {
    return this.of?.traceId;
  }

  /** For a job or a row whose work goes on later. */
  get traceparent(): string | undefined {
    return (this.written ??= this.of && this.tools?.write(this.of));
  }

  /** For a call to another system. Only `traceparent`: a `tracestate` is a stranger's text, and would go to others. */
  get headers(): Readonly<Record<string, string>> {
    const { traceparent } = this;
    return traceparent === undefined ? {} : { traceparent };
  }

  get lineFields(): LineFields {
    return (this.line ??= lineOf(this.requestId, this.of));
  }

  /** A part of this. What is not recorded has no parts: each of the samplers would decide the same of them again. */
  under(plan: SpanPlan, links: readonly string[] = []): Origin {
    const { of } = this;
    return of && (of.traceFlags & TraceFlags.SAMPLED) !== 0 ? this.begun(plan, of, links) : this;
  }

  /**
   * What was begun elsewhere goes on.
   *
   * @param traceparent of the span that sent it
   */
  after(traceparent: string | undefined, plan: SpanPlan): Origin {
    const sender = traceparent === undefined ? undefined : this.tools?.read(traceparent);
    return this.begun(plan, sender, traceparent === undefined ? [] : [traceparent]);
  }

  /**
   * A later attempt at what was begun elsewhere: a trace of its own, which leads back to it and is sampled as it was.
   *
   * @param traceparent of the span that sent it
   */
  again(traceparent: string | undefined, plan: SpanPlan): Origin {
    return this.begun(plan, undefined, traceparent === undefined ? [] : [traceparent]);
  }

  /** From a header; an invalid one counts as absent. */
  within(traceparent: string | undefined, plan: SpanPlan): Origin {
    return this.begun(plan, traceparent === undefined ? undefined : this.tools?.read(traceparent), []);
  }

  note(attributes: Attributes): void {
    this.span?.setAttributes(attributes);
  }

  linkTo(traceparent: string | undefined): void {
    const context = traceparent === undefined ? undefined : this.tools?.read(traceparent);
    if (context) this.span?.addLink({ context });
  }

  /** @param fault in a stable word, of what went wrong */
  end(fault?: string): void {
    if (fault !== undefined) {
      this.span?.setAttribute('error.type', fault);
      this.span?.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.span?.end();
  }

  private begun(
    { name, kind, attributes }: SpanPlan,
    parent: SpanContext | undefined,
    to: readonly string[],
  ): Origin {
    const { tools } = this;
    if (!tools) return this;
    const links: Link[] = to.flatMap((traceparent) => {
      const context = tools.read(traceparent);
      return context ? [{ context }] : [];
    });
    const under = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
    const span = tools.tracer.startSpan(name, { kind: KINDS[kind], attributes, links }, under);
    return new Origin(this.requestId, tools, span);
  }
}

function lineOf(requestId: string | undefined, of: SpanContext | undefined): LineFields {
  if (of === undefined) return requestId === undefined ? {} : { requestId };
  const span = { trace_id: of.traceId, span_id: of.spanId };
  return requestId === undefined ? span : { requestId, ...span };
}
