import type { EventLog } from '../logging/event-log.js';

/** What a process does with a queue. */
export type QueueDeed = 'add' | 'take';

export interface QueueTrouble {
  readonly queue: string;
  readonly deed: QueueDeed;
  /** When it failed first, in ms since 1970. */
  readonly sinceMs: number;
  readonly reason: string;
}

interface Standing {
  readonly queue: string;
  readonly deed: QueueDeed;
  succeededAtMs?: number;
  trouble?: QueueTrouble;
  failures: number;
}

interface Outage {
  readonly sinceMs: number;
  toldAtMs: number;
  failedAtMs: number;
  failures: number;
}

const LINE_GAP_MS = 60_000;
/** An outage is over when nothing has failed for so long: a server that comes and goes would end it many times a second. */
const CALM_MS = 3_000;

/**
 * Whether jobs can be added and taken, judged by the last real attempt of each queue. It writes one line when an outage
 * begins, one a minute, and one when it is over, however much fails meanwhile.
 */
export class QueueWatch {
  private readonly standings = new Map<string, Standing>();
  private outage: Outage | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly nowMs: () => number = Date.now,
  ) {}

  succeeded(queue: string, deed: QueueDeed): void {
    const standing = this.standing(queue, deed);
    standing.succeededAtMs = this.nowMs();
    delete standing.trouble;
  }

  failed(queue: string, deed: QueueDeed, reason: string): void {
    const standing = this.standing(queue, deed);
    const nowMs = this.nowMs();
    standing.failures += 1;
    standing.trouble = { queue, deed, sinceMs: standing.trouble?.sinceMs ?? nowMs, reason };
    this.log.debug('queue.failed', { queue, deed, reason });
    if (!this.outage) {
      this.outage = { sinceMs: nowMs, toldAtMs: nowMs, failedAtMs: nowMs, failures: 1 };
      this.log.warn('queue.unreachable', { queue, deed, reason, alarm: true });
      return;
    }
    this.outage.failures += 1;
    this.outage.failedAtMs = nowMs;
    this.tellAgain(this.outage, standing.trouble);
  }

  /** Checks whether an outage is over, or has to be reported once more; call it about every second during an outage. */
  look(): void {
    const { outage } = this;
    if (!outage) return;
    const [trouble] = this.troubles();
    if (trouble) this.tellAgain(outage, trouble);
    else if (this.nowMs() - outage.failedAtMs >= CALM_MS) {
      this.outage = undefined;
      this.log.event('queue.reached_again', {
        failures: outage.failures,
        lastedMs: outage.failedAtMs - outage.sinceMs,
      });
    }
  }

  get hasOutage(): boolean {
    return this.outage !== undefined;
  }

  /** What failed at its last attempt, longest first. */
  troubles(): readonly QueueTrouble[] {
    return [...this.standings.values()]
      .flatMap(({ trouble }) => trouble ?? [])
      .toSorted((one, other) => one.sinceMs - other.sinceMs);
  }

  /**
   * For each queue, and for adding and taking: when it last succeeded, whether it failed since, and how often in all.
   */
  tried(): readonly Readonly<Standing>[] {
    return [...this.standings.values()];
  }

  private tellAgain(outage: Outage, { queue, deed, reason }: QueueTrouble): void {
    const nowMs = this.nowMs();
    if (nowMs - outage.toldAtMs < LINE_GAP_MS) return;
    outage.toldAtMs = nowMs;
    const lastedMs = nowMs - outage.sinceMs;
    this.log.warn('queue.still_unreachable', {
      queue,
      deed,
      reason,
      lastedMs,
      failures: outage.failures,
      alarm: true,
    });
  }

  private standing(queue: string, deed: QueueDeed): Standing {
    const name = `${deed} ${queue}`;
    const standing = this.standings.get(name) ?? { queue, deed, failures: 0 };
    this.standings.set(name, standing);
    return standing;
  }
}
