import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Database, type Statement } from '../database/database.js';
import { HealthProbes } from '../health/health-probes.js';
import { Metrics } from '../metrics/metrics.js';
import { ClockLimit } from './clock-limit.js';
import { DATABASE_CLOCK, PeerClocks } from './peer-clocks.js';

const LOOK_AGAIN_MS = 5_000;
/** Our clock may be set at any moment; we can notice that without a query. */
const JUDGE_AGAIN_MS = 500;

/** The server's own clock, even where a test gives the service another time. */
const LOOK: Statement = { name: 'clock_look', text: 'select clock_timestamp() as time' };

/**
 * Compares our clock with the database's at the start and regularly after it, and reports any peer whose clock differs.
 */
@Injectable()
export class ClockWatch implements OnModuleInit, OnApplicationShutdown {
  private timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly database: Database,
    private readonly clocks: PeerClocks,
    private readonly limit: ClockLimit,
    private readonly probes: HealthProbes,
    private readonly metrics: Metrics,
  ) {}

  /** Before the first request or job is taken, since the first call may be signed for it. */
  async onModuleInit(): Promise<void> {
    this.register();
    await this.look();
    this.timers = [
      setInterval(() => void this.look(), LOOK_AGAIN_MS),
      setInterval(() => this.limit.judge(), JUDGE_AGAIN_MS),
    ];
    for (const timer of this.timers) timer.unref();
  }

  onApplicationShutdown(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  /** A database that does not answer is reported elsewhere. */
  private async look(): Promise<void> {
    const askedAtMs = performance.now();
    const [row] = await this.database.run<{ time: Date }>(LOOK, []).catch(() => []);
    if (row) this.clocks.saw(DATABASE_CLOCK, { time: row.time, askedAtMs, answeredAtMs: performance.now() });
    this.limit.judge();
  }

  private register(): void {
    this.probes.register({
      name: 'clock',
      required: false,
      check: async () => {
        const peers = this.clocks.disagreeing();
        if (peers.length > 0) throw new Error(`our clock is not that of: ${peers.join(', ')}`);
      },
    });
    this.probes.register({
      name: 'clockLimit',
      required: true,
      check: async () => {
        if (this.limit.isBeyond) throw new Error('our clock is beyond CLOCK_LIMIT_MS');
      },
    });
    this.metrics.gauge({
      name: 'clock_offset_seconds',
      help: 'By which the clock of a peer was ahead of ours when it was last seen.',
      labels: ['peer'],
      collect: (gauge) => {
        gauge.reset();
        for (const [peer, offsetMs] of this.clocks.offsets()) gauge.set({ peer }, offsetMs / 1_000);
      },
    });
  }
}
