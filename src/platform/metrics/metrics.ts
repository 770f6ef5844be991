import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { within } from '../clock/within.js';

export interface MetricSpec<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
}

export interface GaugeSpec<Label extends string> extends MetricSpec<Label> {
  /** Called at each scrape, to set the gauge to what is true then. A scrape waits for it only so long. */
  readonly collect?: (gauge: Gauge<Label>) => void | Promise<void>;
}

export interface HistogramSpec<Label extends string> extends MetricSpec<Label> {
  /** Upper bounds, in the unit the name ends in. */
  readonly buckets: readonly number[];
}

/** A little more than readiness waits for a part, so that one that is silent shows as not there. */
const COLLECT_MS = 850;

/** Gauges whose names say that they are counters; each stands beside one without, by type. */
const MISNAMED = ['handles', 'requests', 'resources'].map((kind) => `nodejs_active_${kind}_total`);

/**
 * The metrics of this application in a registry of its own, so that two applications in one process, as in tests, do
 * not meet. Asking twice for a name gives the same metric, so it can be asked for where it is used.
 */
@Injectable()
export class Metrics implements OnApplicationShutdown {
  readonly registry = new Registry();
  private readonly uncollected: Counter<'metric'>;

  constructor() {
    this.uncollected = this.counter({
      name: 'metrics_uncollected_total',
      help: 'Figures left out of a scrape because what they are read from failed or did not answer in time.',
      labels: ['metric'],
    });
  }

  /** All figures as Prometheus reads them, those of the process first. */
  async text(): Promise<string> {
    const own = await this.registry.metrics();
    return `${await figuresOfProcess().metrics()}\n${own}`;
  }

  counter<Label extends string = never>(spec: MetricSpec<Label>): Counter<Label> {
    return this.once(spec, Counter, () => new Counter(this.configured(spec)));
  }

  /** A counter that other code keeps; `read` is called at each scrape. */
  readCounter<Label extends string = never>(
    spec: MetricSpec<Label>,
    read: () => readonly (readonly [count: number, labels: Readonly<Record<Label, string>>])[],
  ): void {
    const counter: Counter<Label> = new Counter({
      ...this.configured(spec),
      collect: () => {
        counter.reset();
        for (const [count, labels] of read()) counter.inc(labels, count);
      },
    });
  }

  gauge<Label extends string = never>(spec: GaugeSpec<Label>): Gauge<Label> {
    const { collect, ...rest } = spec;
    return this.once(spec, Gauge, () => {
      const gauge: Gauge<Label> = new Gauge({
        ...this.configured(rest),
        ...(collect === undefined
          ? {}
          : {
              collect: this.bounded(
                spec.name,
                () => collect(gauge),
                () => clear(gauge, spec.labels),
              ),
            }),
      });
      return gauge;
    });
  }

  histogram<Label extends string = never>(spec: HistogramSpec<Label>): Histogram<Label> {
    const buckets = [...spec.buckets];
    return this.once(spec, Histogram, () => new Histogram({ ...this.configured(spec), buckets }));
  }

  onApplicationShutdown(): void {
    this.registry.clear();
  }

  /**
   * One query at a time, and a scrape waits for it only so long: a silent database must not keep the scraper waiting,
   * nor take a connection for each scrape. An unknown figure is left out; the previous one would look like the present
   * one.
   */
  private bounded(metric: string, collect: () => void | Promise<void>, leaveOut: () => void) {
    let running: Promise<boolean> | undefined;
    return async (): Promise<void> => {
      running ??= succeeds(collect).finally(() => (running = undefined));
      if (await within(COLLECT_MS, running, () => false)) return;
      leaveOut();
      this.uncollected.inc({ metric });
    };
  }

  private configured<Label extends string>({ name, help, labels = [] }: MetricSpec<Label>) {
    return { name, help, labelNames: [...labels], registers: [this.registry] };
  }

  /** A name that was taken for another kind of metric is a bug, and throws. */
  private once<Kind extends object>(
    { name }: { readonly name: string },
    kind: new (...configuration: never[]) => Kind,
    make: () => Kind,
  ): Kind {
    const known: unknown = this.registry.getSingleMetric(name);
    if (known === undefined) return make();
    if (known instanceof kind) return known;
    throw new Error(`the metric ${name} is of another kind`);
  }
}

let ofProcess: Registry | undefined;

/**
 * Memory, event loop, garbage collection. They are watched by observers that cannot be taken away, so all applications
 * in a process have the same.
 */
export function figuresOfProcess(): Registry {
  if (ofProcess) return ofProcess;
  ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });
  for (const name of MISNAMED) ofProcess.removeSingleMetric(name);
  return ofProcess;
}

async function succeeds(collect: () => void | Promise<void>): Promise<boolean> {
  try {
    await collect();
    return true;
  } catch {
    // A source that fails is reported by the code that needs it.
    return false;
  }
}

/** `reset` sets a gauge without labels to 0, which is a figure too. */
function clear(gauge: Gauge<string>, labels: readonly string[] = []): void {
  if (labels.length === 0) gauge.remove();
  else gauge.reset();
}
