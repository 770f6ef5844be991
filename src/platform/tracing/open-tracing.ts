import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultTextMapSetter, ROOT_CONTEXT, trace, type Context, type Link } from '@opentelemetry/api';
import type { ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, Sampler, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Environment } from '../config/load-settings.js';
import type { EventLog } from '../logging/event-log.js';
import { Tracing, type RunningTraces } from './tracing.js';
import { tracesWanted } from './traces-wanted.js';

/** As a number: its enumeration is loaded with the SDK. */
const SUCCESS: ExportResultCode = 0;
/** What a stop waits for the collector. */
const STOP_MS = 2_000;

/**
 * Starts to trace if the environment asks for it by the variables of OpenTelemetry. Nothing of its SDK is loaded
 * otherwise.
 *
 * @param serviceName unless the environment has another one
 */
export async function openTracing(
  environment: Environment,
  log: EventLog,
  serviceName: string,
): Promise<Tracing> {
  const wanted = tracesWanted(environment);
  for (const ignored of wanted.ignored) log.warn('traces.setting_ignored', { ...ignored });
  if (wanted.protocol === undefined) return Tracing.OFF;
  const [core, resources, sdk, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/core'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace-base'),
    wanted.protocol === 'http/json'
      ? import('@opentelemetry/exporter-trace-otlp-http')
      : import('@opentelemetry/exporter-trace-otlp-proto'),
  ]);
  const spans = new CountedSpans(new OTLPTraceExporter(), wanted.batches.maxQueueSize, log);
  const batches = new sdk.BatchSpanProcessor(spans, { ...wanted.batches });
  const own = resources.resourceFromAttributes({
    'service.name': serviceName,
    'service.instance.id': randomUUID(),
  });
  const named = resources.detectResources({ detectors: [resources.envDetector] });
  const provider = new sdk.BasicTracerProvider({
    resource: own.merge(named),
    spanProcessors: [spans.before(batches)],
    sampler: followingLinks(wanted.sampler(sdk)),
  });
  const propagator = new core.W3CTraceContextPropagator();
  const traces: RunningTraces = {
    tracer: provider.getTracer(serviceName),
    get counts() {
      const { exported, failed, dropped } = spans;
      return { exported, failed, dropped };
    },
    read: (traceparent) => core.parseTraceParent(traceparent) ?? undefined,
    write: (context) => {
      const headers: { traceparent?: string } = {};
      propagator.inject(trace.setSpanContext(ROOT_CONTEXT, context), headers, defaultTextMapSetter);
      return headers.traceparent ?? '';
    },
    stop: async () => {
      // The collector may hang or be away; spans that it has not taken by then are lost.
      const ended = provider.shutdown().catch(() => undefined);
      await Promise.race([ended, sleep(STOP_MS, undefined, { ref: false })]);
    },
  };
  log.event('traces.on', { protocol: wanted.protocol });
  return new Tracing(traces);
}

/** A trace that only leads back to another one is sampled as that was: the two would be of no use without each other. */
function followingLinks(sampler: Sampler): Sampler {
  return {
    shouldSample: (context: Context, ...rest: ShouldSample) => {
      const [first]: readonly (Link | undefined)[] = rest[4];
      const isRoot = trace.getSpanContext(context) === undefined;
      const like =
        isRoot && first ? trace.setSpanContext(context, { ...first.context, isRemote: true }) : context;
      return sampler.shouldSample(like, ...rest);
    },
    toString: () => `FollowingLinks{${sampler.toString()}}`,
  };
}

type ShouldSample = Parameters<Sampler['shouldSample']> extends [Context, ...infer Rest] ? Rest : never;

/**
 * Stands on both sides of the queue that the SDK keeps, and counts: what comes when the queue is full is dropped here, so
 * that a collector that hangs costs no more than its memory.
 */
class CountedSpans implements SpanExporter {
  exported = 0;
  failed = 0;
  dropped = 0;
  private waiting = 0;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly mostWaiting: number,
    private readonly log: EventLog,
  ) {}

  /** What counts spans on their way to `next`, the queue in front of this. */
  before(next: SpanProcessor): SpanProcessor {
    return {
      onStart: (span, context) => next.onStart(span, context),
      onEnd: (span) => {
        if ((span.spanContext().traceFlags & 1) === 0) return;
        if (this.waiting >= this.mostWaiting) {
          this.dropped += 1;
          return;
        }
        this.waiting += 1;
        next.onEnd(span);
      },
      forceFlush: () => next.forceFlush(),
      shutdown: () => next.shutdown(),
    };
  }

  export(spans: ReadableSpan[], done: Parameters<SpanExporter['export']>[1]): void {
    this.waiting -= spans.length;
    this.exporter.export(spans, (result) => {
      if (result.code === SUCCESS) this.exported += spans.length;
      else {
        this.failed += spans.length;
        this.log.warn('traces.not_exported', { spans: spans.length });
      }
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }
}
