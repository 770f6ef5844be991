import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

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

const COLLECT_MS = 800;

/** The scraper gets an answer while the database is silent, too. */
function soon(collecting: void | Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, COLLECT_MS);
  });
  return Promise.race([Promise.resolve(collecting), late]).finally(() => clearTimeout(timer));
}

/**
 * The metrics of this application in a registry of its own, so that two applications in one process, as in tests,
 * do not meet. Asking twice for a name gives the same metric: whoever needs one asks for it where it is used.
 */
@Injectable()
export class Metrics implements OnApplicationShutdown {
  readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  counter<Label extends string = never>(spec: MetricSpec<Label>): Counter<Label> {
    return this.once(spec, Counter, () => new Counter(this.configured(spec)));
  }

  /** A counter that somebody else keeps; `read` is asked at each scrape. */
  readCounter({ name, help }: MetricSpec<never>, read: () => number): void {
    const registers = [this.registry];
    const counter: Counter = new Counter({
      name,
      help,
      registers,
      collect: () => {
        counter.reset();
        counter.inc(read());
      },
    });
  }

  gauge<Label extends string = never>(spec: GaugeSpec<Label>): Gauge<Label> {
    const { collect, ...rest } = spec;
    return this.once(spec, Gauge, () => {
      const gauge: Gauge<Label> = new Gauge({
        ...this.configured(rest),
        ...(collect === undefined ? {} : { collect: () => soon(collect(gauge)) }),
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
