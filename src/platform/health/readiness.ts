import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { ApiOneOf, ApiProperty } from '../http/api-description.js';
import { Draining } from '../http/draining.js';
import { EventLog } from '../logging/event-log.js';
import { type HealthProbe, HealthProbes } from './health-probes.js';

/** An orchestrator gives a check a second or so before it counts as failed. */
const PROBE_TIMEOUT_MS = 800;
/** However many ask, each probe runs about once in this time: the address is public and must not load the database. */
const SHARED_FOR_MS = 500;

const PROBE_STATES = ['up', 'degraded', 'down'] as const;
export type ProbeState = (typeof PROBE_STATES)[number];
const READINESS_STATUSES = ['ok', 'degraded', 'unavailable', 'stopping'] as const;
export type ReadinessStatus = (typeof READINESS_STATUSES)[number];

export class ReadinessDto {
  @ApiOneOf(READINESS_STATUSES) readonly status!: ReadinessStatus;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', enum: [...PROBE_STATES] },
    example: { database: 'up' },
    description: 'One entry for everything this process needs.',
  })
  readonly checks!: Readonly<Record<string, ProbeState>>;
}

/** Whether this process should be sent work now. */
@Injectable()
export class Readiness {
  private readonly lastStates = new Map<string, ProbeState>();

  constructor(
    private readonly probes: HealthProbes,
    private readonly indicators: HealthIndicatorService,
    private readonly draining: Draining,
    private readonly log: EventLog,
  ) {}

  async report(): Promise<ReadinessDto> {
    if (this.draining.isLeaving) return { status: 'stopping', checks: {} };
    const checked = await Promise.all(this.probes.all().map((probe) => this.check(probe)));
    const states = checked.map(([, state]) => state);
    return { status: statusOf(states), checks: Object.fromEntries(checked) };
  }

  private async check(probe: HealthProbe): Promise<[string, ProbeState]> {
    const session = this.indicators.check(probe.name);
    const attempt = session.attempt(() => probe.check()).withTimeout(PROBE_TIMEOUT_MS);
    const result: HealthIndicatorResult = await attempt.cacheFor(SHARED_FOR_MS);
    const found = result[probe.name];
    const state = stateOf(probe, found?.status);
    this.tellChange(probe, state, String(found?.['message'] ?? ''));
    return [probe.name, state];
  }

  /** The reason names hosts and ports; it belongs to the log, not to an address anybody may ask. */
  private tellChange({ name: probe, required }: HealthProbe, to: ProbeState, reason: string): void {
    const from = this.lastStates.get(probe) ?? 'up';
    this.lastStates.set(probe, to);
    if (from === to) return;
    if (to === 'up') this.log.event('health.probe_recovered', { probe, required, from });
    else this.log.warn('health.probe_failed', { probe, required, to, reason });
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
