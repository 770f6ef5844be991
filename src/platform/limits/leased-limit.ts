import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';

/**
 * A hundredth of the limit: so many requests of a busy caller share one call of the store, and by so much the limit is
 * inexact.
 */
const LEASES_PER_WINDOW = 100;
/** Callers choose their addresses, and must not fill our memory with them. */
export const MOST_LEASES = 20_000;

export interface Standing {
  readonly isExceeded: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Until the next window begins. */
  readonly resetSeconds: number;
}

interface Lease {
  left: number;
  readonly isExceeded: boolean;
  /** In the store when the lease was taken. */
  readonly remaining: number;
  readonly until: number;
  /** Requests that the store has not been told of. */
  readonly untold: number;
}

/**
 * A limit that all processes count together. Each takes some requests at a time from the store and counts those by
 * itself, so that most requests wait for nothing. The first ones of a caller are told to the store with the next ones: of
 * a customer who pays now and then it hears nothing.
 */
export class LeasedLimit {
  private readonly leases = new Map<string, Lease>();
  private readonly renewals = new Map<string, Promise<Lease>>();
  private readonly leaseSize: number;

  /** @param nameInStore what the store is told whom it counts by */
  constructor(
    private readonly store: RateLimiterAbstract,
    private readonly nameInStore = (key: string): string => key,
  ) {
    this.leaseSize = Math.max(1, Math.floor(store.points / LEASES_PER_WINDOW));
  }

  /** Counts one request. */
  consume(key: string): Standing | Promise<Standing> {
    this.begin(key);
    return this.counted(key) ?? this.renewed(key);
  }

  /**
   * Whether the next request would be refused; counts nothing. Judged only by what this process has counted or read.
   */
  isExceeded(key: string): Standing | undefined {
    const lease = this.current(key);
    return lease?.isExceeded === true ? this.standing(lease) : undefined;
  }

  /** Lends the first requests, but for a limit so small that it has to be exact. */
  private begin(key: string): void {
    if (this.leaseSize === 1 || this.renewals.has(key) || this.current(key) !== undefined) return;
    const { leaseSize: left, store } = this;
    const until = Date.now() + store.duration * 1_000;
    this.keep(key, { left, isExceeded: false, remaining: store.points - left, until, untold: left });
  }

  /** The oldest makes room, not all: what the store has not been told of is forgotten with it. */
  private keep(key: string, lease: Lease): void {
    this.leases.delete(key);
    for (const oldest of this.leases.keys()) {
      if (this.leases.size < MOST_LEASES) break;
      this.leases.delete(oldest);
    }
    this.leases.set(key, lease);
  }

  private current(key: string): Lease | undefined {
    const lease = this.leases.get(key);
    return lease !== undefined && lease.until > Date.now() ? lease : undefined;
  }

  private counted(key: string): Standing | undefined {
    const lease = this.current(key);
    if (lease === undefined) return undefined;
    if (lease.isExceeded) return this.standing(lease);
    if (lease.left === 0) return undefined;
    lease.left -= 1;
    return this.standing(lease);
  }

  /** Requests that come meanwhile wait for the same lease. */
  private async renewed(key: string): Promise<Standing> {
    for (;;) {
      const renewal = this.renewals.get(key) ?? this.renew(key);
      const lease = await renewal;
      const standing = this.counted(key);
      if (standing !== undefined) return standing;
      // A lease of a window that is over already.
      if (lease.until <= Date.now()) return this.standing(lease);
    }
  }

  private renew(key: string): Promise<Lease> {
    const renewal = this.taken(key).then((lease) => {
      this.renewals.delete(key);
      this.keep(key, lease);
      return lease;
    });
    this.renewals.set(key, renewal);
    return renewal;
  }

  private async taken(key: string): Promise<Lease> {
    const { leaseSize: left } = this;
    const points = left + (this.current(key)?.untold ?? 0);
    try {
      const { remainingPoints: remaining, msBeforeNext } = await this.store.consume(
        this.nameInStore(key),
        points,
      );
      return { left, isExceeded: false, remaining, until: Date.now() + msBeforeNext, untold: 0 };
    } catch (refusal) {
      // Any other error is no reason to refuse a caller.
      if (!(refusal instanceof RateLimiterRes))
        return { left, isExceeded: false, remaining: 0, until: Date.now() + 1_000, untold: 0 };
      return { left: 0, isExceeded: true, remaining: 0, until: Date.now() + refusal.msBeforeNext, untold: 0 };
    }
  }

  private standing({ isExceeded, left, remaining, until }: Lease): Standing {
    const resetSeconds = Math.max(1, Math.ceil((until - Date.now()) / 1_000));
    return { isExceeded, limit: this.store.points, remaining: remaining + left, resetSeconds };
  }
}
