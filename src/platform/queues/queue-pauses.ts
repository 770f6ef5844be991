import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ServiceSwitches, type SwitchChange, type Switches } from '../control/service-switches.js';
import { HealthProbes } from '../health/health-probes.js';
import { EventLog } from '../logging/event-log.js';
import { Metrics } from '../metrics/metrics.js';
import { WorkQueues } from './work-queues.js';

const PREFIX = 'queue.';
const PAUSED = 'paused';
const RUNNING = 'running';
/** A forgotten pause must not look like a quiet night. */
const TOLD_AGAIN_MS = 60_000;

export interface QueuePause {
  readonly queue: string;
  readonly since: Date;
  readonly by: string;
  readonly reason: string;
}

type PauseRequest = Omit<SwitchChange, 'name' | 'value'> & { readonly queue: string };

/**
 * Queues that an operator has paused, in rows: every process follows within about a second, one that starts later from its
 * start, and an emptied Redis changes nothing. While one is paused health is degraded and a line a minute alarms.
 */
@Injectable()
export class QueuePauses implements OnModuleInit {
  private paused: ReadonlyMap<string, QueuePause> = new Map();
  private toldAtMs = 0;

  constructor(
    private readonly switches: ServiceSwitches,
    private readonly queues: WorkQueues,
    private readonly log: EventLog,
    private readonly probes: HealthProbes,
    metrics: Metrics,
  ) {
    switches.onRead((read) => this.follow(read));
    metrics.gauge({
      name: 'queue_paused',
      help: 'Whether an operator has paused a queue: 1, and nothing once it runs.',
      labels: ['queue'],
      collect: (gauge) => {
        gauge.reset();
        for (const queue of this.paused.keys()) gauge.set({ queue }, 1);
      },
    });
  }

  onModuleInit(): void {
    this.probes.register({
      name: 'queuesPaused',
      required: false,
      check: async () => {
        const [first] = this.all();
        if (first) throw new Error(`${first.queue} is paused by ${first.by}: ${first.reason}`);
      },
      sinceMs: () => this.all()[0]?.since.getTime(),
    });
  }

  /** The longest paused first. */
  all(): readonly QueuePause[] {
    return [...this.paused.values()].toSorted((one, other) => one.since.getTime() - other.since.getTime());
  }

  /** @returns false when it was paused already; who did so and why stays written down */
  pause(order: PauseRequest): Promise<boolean> {
    return this.set(order, PAUSED);
  }

  /** @returns false when it ran already */
  async resume(order: PauseRequest): Promise<boolean> {
    // Another process may have paused it a moment ago, and the rows decide.
    await this.switches.read();
    return this.paused.has(order.queue) && (await this.set(order, RUNNING));
  }

  private async set({ queue, ...by }: PauseRequest, value: string): Promise<boolean> {
    return (await this.switches.set({ ...by, name: `${PREFIX}${queue}`, value })) !== undefined;
  }

  private follow(read: Switches): void {
    const before = this.paused;
    this.paused = new Map(
      [...read.values()]
        .filter(({ name, value }) => name.startsWith(PREFIX) && value === PAUSED)
        .map(({ name, setAt: since, setBy: by, reason }) => {
          const queue = name.slice(PREFIX.length);
          return [queue, { queue, since, by, reason }];
        }),
    );
    this.queues.pauseOnly(new Set(this.paused.keys()));
    this.tell(before);
  }

  private tell(before: ReadonlyMap<string, QueuePause>): void {
    for (const queue of before.keys())
      if (!this.paused.has(queue)) this.log.event('queue.resumed', { queue });
    const isDue = Date.now() - this.toldAtMs >= TOLD_AGAIN_MS;
    for (const { queue, by, reason, since } of this.paused.values()) {
      if (before.has(queue) && !isDue) continue;
      this.toldAtMs = Date.now();
      this.log.warn('queue.paused', { queue, by, reason, since: since.toISOString(), alarm: true });
    }
  }
}
