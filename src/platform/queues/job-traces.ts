import type { JobsOptions } from 'bullmq';
import { Origin, type SpanPlan } from '../tracing/origin.js';
import type { Tracing } from '../tracing/tracing.js';
import type { JobBody } from './queue-backend.js';
import type { Work, WorkDone } from './work.js';

/** A job that was to wait longer begins a trace of its own. */
const SAME_TRACE_MS = 60_000;

/** What is read of a job. */
export interface TakenJob {
  readonly data: Pick<JobBody, 'traceparent'>;
  readonly opts: Pick<JobsOptions, 'delay'>;
}

/** The spans of what is sent to the queues and of what is taken from them, after the messaging conventions of OpenTelemetry. */
export class JobTraces {
  private readonly failures = new WeakMap<object, Origin>();

  constructor(private readonly tracing: Tracing) {}

  /** A part of `origin`; what is sent carries its `traceparent`. */
  sent(queue: string, origin: Origin | undefined): Origin {
    return origin?.under(planOf('sent', queue)) ?? Origin.NONE;
  }

  /** @param job absent for work that nobody sent, such as what was found to be due */
  async run(work: Pick<Work, 'name' | 'run'>, id: string, job?: TakenJob): Promise<WorkDone> {
    const origin = this.taken(work.name, job);
    try {
      const done = await work.run(id, origin);
      origin.end();
      return done;
    } catch (error) {
      origin.end('failed');
      if (error instanceof Error) this.failures.set(error, origin);
      throw error;
    }
  }

  /** The job that threw it. */
  originOf(error: unknown): Origin | undefined {
    return error instanceof Error ? this.failures.get(error) : undefined;
  }

  private taken(queue: string, job: TakenJob | undefined): Origin {
    const plan = planOf('taken', queue);
    const traceparent = job?.data.traceparent;
    return (job?.opts.delay ?? 0) > SAME_TRACE_MS
      ? this.tracing.takenLater(traceparent, plan)
      : this.tracing.taken(traceparent, plan);
  }
}

function planOf(kind: 'sent' | 'taken', queue: string): SpanPlan {
  const name = kind === 'sent' ? `send ${queue}` : `process ${queue}`;
  return {
    name,
    kind,
    attributes: {
      'messaging.system': 'bullmq',
      'messaging.operation.type': name.slice(0, name.indexOf(' ')),
      'messaging.destination.name': queue,
    },
  };
}
