import { Injectable, Optional } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { ApiOneOf, ApiProperty, ApiPropertyOptional } from '../http/api-description.js';
import { Draining } from '../http/draining.js';
import { EventLog } from '../logging/event-log.js';
import { HealthMeanings, type HealthProbe, HealthProbes } from './health-probes.js';

/** An orchestrator gives a check a second or so before it counts as failed. */
const PROBE_TIMEOUT_MS = 800;
const LINE_GAP_MS = 60_000;
/** However many ask, each probe runs about once in this time: the address is public and must not load the database. */
const SHARED_FOR_MS = 500;

const PROBE_STATES = ['up', 'degraded', 'down'] as const;
export type ProbeState = (typeof PROBE_STATES)[number];
const READINESS_STATUSES = ['ok', 'degraded', 'unavailable', 'stopping'] as const;
export type ReadinessStatus = (typeof READINESS_STATUSES)[number];

export class TroubleDto {
  @ApiProperty({ description: 'Its name in `checks`.', example: 'queues' }) readonly part!: string;
  @ApiProperty({
    description: 'When it began, as far as this process knows.',
    format: 'date-time',
    example: '2026-11-30T09:30:00.000Z',
  })
  readonly since!: string;
  @ApiProperty({ description: 'What is noticed of it by those who are served.' }) readonly means!: string;
}

export class ReadinessDto {
  @ApiOneOf(READINESS_STATUSES) readonly status!: ReadinessStatus;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', enum: [...PROBE_STATES] },
    example: { database: 'up' },
    description: 'One entry for everything this process needs.',
  })
  readonly checks!: Readonly<Record<string, ProbeState>>;
  @ApiPropertyOptional({
    type: [TroubleDto],
    description: 'One entry for everything that is not up, longest first; absent when all is up.',
  })
  readonly troubles?: readonly TroubleDto[];
}

interface SharedResult {
  readonly result: Promise<HealthIndicatorResult>;
  /** By `performance.now()`; no end while it is under way. */
  freshUntilMs: number;
}

interface ToldTrouble {
  readonly state: ProbeState;
  readonly beganMs: number;
  toldAtMs: number;
}

/** Whether this process should be sent work now. */
@Injectable()
export class Readiness {
  private readonly told = new Map<string, ToldTrouble>();
  private readonly failingSinceMs = new Map<string, number>();
  private readonly lately = new Map<string, SharedResult>();

  constructor(
    private readonly probes: HealthProbes,
    private readonly indicators: HealthIndicatorService,
    private readonly draining: Draining,
    private readonly log: EventLog,
    @Optional() private readonly meanings: HealthMeanings = new HealthMeanings(),
  ) {}

  async report(): Promise<ReadinessDto> {
    if (this.draining.isLeaving) return { status: 'stopping', checks: {} };
    const checked = await Promise.all(this.probes.all().map((probe) => this.check(probe)));
    const states = checked.map(([, state]) => state);
    const troubles = this.troubles();
    return {
      status: statusOf(states),
      checks: Object.fromEntries(checked),
      ...(troubles.length > 0 && { troubles }),
    };
  }

  private troubles(): TroubleDto[] {
    return [...this.failingSinceMs]
      .toSorted(([, one], [, other]) => one - other)
      .map(([part, sinceMs]) => ({
        part,
        since: new Date(sinceMs).toISOString(),
        means: this.meanings.of(part),
      }));
  }

  private async check(probe: HealthProbe): Promise<[string, ProbeState]> {
    const found = (await this.shared(probe))[probe.name];
    const state = stateOf(probe, found?.status);
    if (state === 'up') this.failingSinceMs.delete(probe.name);
    else this.failingSinceMs.set(probe.name, this.sinceMs(probe));
    this.tell(probe, state, String(found?.['message'] ?? ''));
    return [probe.name, state];
  }

  /** By the steady clock: the cache of the library keeps what it has for as long as our clock was set back. */
  private shared(probe: HealthProbe): Promise<HealthIndicatorResult> {
    const last = this.lately.get(probe.name);
    if (last && performance.now() < last.freshUntilMs) return last.result;
    const session = this.indicators.check(probe.name);
    const attempt = session.attempt(() => probe.check()).withTimeout(PROBE_TIMEOUT_MS);
    const result = Promise.resolve<HealthIndicatorResult>(attempt);
    const now = { result, freshUntilMs: Number.POSITIVE_INFINITY };
    this.lately.set(probe.name, now);
    const finished = (): void => void (now.freshUntilMs = performance.now() + SHARED_FOR_MS);
    result.then(finished, finished);
    return result;
  }

  private sinceMs(probe: HealthProbe): number {
    return probe.sinceMs?.() ?? this.failingSinceMs.get(probe.name) ?? Date.now();
  }

  /**
   * One line when it begins, one a minute, and one when it is over. The reason names hosts and ports; it belongs to the
   * log, not to an address anybody may ask.
   */
  private tell({ name: probe, required }: HealthProbe, to: ProbeState, reason: string): void {
    const nowMs = Date.now();
    const trouble = this.told.get(probe);
    if (to === 'up') {
      if (!trouble) return;
      this.told.delete(probe);
      const lastedMs = nowMs - trouble.beganMs;
      this.log.event('health.probe_recovered', { probe, required, from: trouble.state, lastedMs });
    } else if (!trouble) {
      const beganMs = this.failingSinceMs.get(probe) ?? nowMs;
      this.told.set(probe, { state: to, beganMs, toldAtMs: nowMs });
      const means = this.meanings.of(probe);
      this.log.warn('health.probe_failed', { probe, required, to, reason, means, alarm: true });
    } else if (nowMs - trouble.toldAtMs >= LINE_GAP_MS) {
      trouble.toldAtMs = nowMs;
      const lastedMs = nowMs - trouble.beganMs;
      this.log.warn('health.probe_still_failing', { probe, required, to, reason, lastedMs, alarm: true });
    }
  }
}

function stateOf(probe: HealthProbe, status: string | undefined): ProbeState {
  if (status === 'up') return 'up';
  return probe.required ? 'down' : 'degraded';
}

function statusOf(states: readonly ProbeState[]): ReadinessStatus {
  if (states.includes('down')) return 'unavailable';
  return states.includes('degraded') ? 'degraded' : 'ok';
}
