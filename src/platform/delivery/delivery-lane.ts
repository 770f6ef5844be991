import { BrokenCircuitError, circuitBreaker, CircuitState, CountBreaker, handleWhenResult } from 'cockatiel';

export interface LaneLimits {
  /** Calls to one host at the same time. */
  readonly concurrency: number;
  /** How many of them a backlog leaves free for what has just come due. */
  readonly reserve: number;
  /** How many of the last calls are counted, and how many failures among them pause the host. */
  readonly window: number;
  readonly failures: number;
  /** How long it is paused before one call tests it. */
  readonly openMs: number;
  /** After so long without a call nothing waits for a paused host, and its failures say nothing about it any more. */
  readonly forgetMs: number;
}

export interface LaneEvents {
  onOpen(): void;
  onClosed(): void;
}

/** Rows that may be claimed for one lane now. */
export interface Room {
  readonly all: number;
  /** How many of them may be for what has been due for a while. */
  readonly backlog: number;
  /**
   * One row that shows whether the host answers again: the one that has been due longest. With the newest, a few that
   * always fail and come due again and again would keep all others waiting.
   */
  readonly isProbe?: boolean;
}

const NO_ROOM: Room = { all: 0, backlog: 0 };
const ONE_PROBE: Room = { all: 1, backlog: 1, isProbe: true };

/** What a lane takes when it is empty: as many again wait for a place as there are places, so that none stays empty. */
export function usualRoom({ concurrency, reserve }: LaneLimits): Room {
  return { all: 2 * concurrency, backlog: 2 * (concurrency - reserve) };
}

/**
 * The calls to one host. Only a few at a time, so that a slow host cannot hold every slot of the worker; none for a
 * while after many have failed, so that a dead host costs neither slots nor attempts. Rows without room are not claimed
 * from the database.
 */
export class DeliveryLane {
  private active = 0;
  private waiting = 0;
  private openedAt = 0;
  private readonly breaker;

  /** @param isFailure whether an answer says that the host is unwell, or not who it should be */
  constructor(
    private readonly limits: LaneLimits,
    events: LaneEvents,
    isFailure: (answer: unknown) => boolean,
  ) {
    const { window, failures, openMs } = limits;
    this.breaker = circuitBreaker(handleWhenResult(isFailure), {
      halfOpenAfter: openMs,
      // It opens above its threshold, and a whole window has to be known.
      breaker: new CountBreaker({ size: window, threshold: (Math.min(failures, window) - 0.5) / window }),
    });
    this.breaker.onBreak(() => {
      // The probe of a dead host fails again and again; only the first failure is reported.
      if (this.openedAt === 0) events.onOpen();
      this.openedAt = Date.now();
    });
    this.breaker.onReset(() => {
      this.openedAt = 0;
      events.onClosed();
    });
  }

  get isIdle(): boolean {
    return this.active + this.waiting === 0 && this.restMs === undefined;
  }

  /** Paused, and nobody has called it for so long that its state is unknown. */
  get isForgotten(): boolean {
    const isPaused = this.breaker.state !== CircuitState.Closed;
    return isPaused && this.active + this.waiting === 0 && Date.now() >= this.openedAt + this.limits.forgetMs;
  }

  /** How long the host is still paused; undefined while it is not. */
  get restMs(): number | undefined {
    if (this.breaker.state === CircuitState.Closed) return undefined;
    return Math.max(0, this.openedAt + this.limits.openMs - Date.now());
  }

  /** What may be taken from the database for this host. */
  get room(): Room {
    const { restMs } = this;
    const taken = this.active + this.waiting;
    if (restMs !== undefined) return restMs === 0 && taken === 0 ? ONE_PROBE : NO_ROOM;
    const usual = usualRoom(this.limits);
    return { all: Math.max(0, usual.all - taken), backlog: Math.max(0, usual.backlog - taken) };
  }

  /** Whether a call may begin. A call that waits for a paused host is let through, and refused at once. */
  hasPlaceFor(isBacklog: boolean): boolean {
    if (this.restMs !== undefined) return true;
    return this.active < this.limits.concurrency - (isBacklog ? this.limits.reserve : 0);
  }

  wait(): void {
    this.waiting += 1;
  }

  enter(): void {
    this.waiting -= 1;
    this.active += 1;
  }

  leave(): void {
    this.active -= 1;
  }

  /** Undefined when no call was made, because others failed since this one was taken. */
  async call<Answer>(send: () => Promise<Answer>): Promise<Answer | undefined> {
    // While one call probes the host, cockatiel would keep every other call waiting in its slot.
    if (this.breaker.state === CircuitState.HalfOpen) return undefined;
    try {
      return await this.breaker.execute(send);
    } catch (error) {
      if (error instanceof BrokenCircuitError) return undefined;
      throw error;
    }
  }
}
