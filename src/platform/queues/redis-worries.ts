import type { EventLog } from '../logging/event-log.js';

/** What was found out about a Redis that was reached. */
export type RedisWorry =
  /** It may throw keys away; jobs would vanish from it. */
  | { readonly worry: 'evicts'; readonly policy: string }
  /** It takes no jobs: it follows another server. */
  | { readonly worry: 'replica'; readonly primary: string };

/** Tells of each worry once, when it begins, and when it is over; meanwhile it counts as an alarm that lasts. */
export class RedisWorries {
  private told: ReadonlySet<RedisWorry['worry']> = new Set();

  constructor(private readonly log: EventLog) {}

  /** @param worries all there are now */
  found(worries: readonly RedisWorry[]): void {
    const present = new Map(worries.map((worry) => [worry.worry, worry]));
    for (const [kind, worry] of present) if (!this.told.has(kind)) this.begins(worry);
    for (const kind of this.told) if (!present.has(kind)) this.ends(kind);
    this.told = new Set(present.keys());
  }

  private begins(worry: RedisWorry): void {
    if (worry.worry === 'evicts') {
      this.log.warn('queue.redis_may_evict', { policy: worry.policy, wanted: 'noeviction', alarm: true });
      this.log.lasts('queue.redis_may_evict');
    } else {
      this.log.warn('queue.redis_is_replica', { primary: worry.primary, alarm: true });
      this.log.lasts('queue.redis_is_replica');
    }
  }

  private ends(kind: RedisWorry['worry']): void {
    if (kind === 'evicts') {
      this.log.ends('queue.redis_may_evict');
      this.log.event('queue.redis_evicts_nothing');
    } else {
      this.log.ends('queue.redis_is_replica');
      this.log.event('queue.redis_is_primary');
    }
  }
}
