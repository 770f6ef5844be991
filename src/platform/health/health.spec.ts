import { mock } from 'node:test';
import { Global, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpApp, listenHttp } from '../http/create-http-app.js';
import { Draining } from '../http/draining.js';
import { HttpModule } from '../http/http.module.js';
import { HttpSettings } from '../http/http.settings.js';
import { EventLog } from '../logging/event-log.js';
import { LoggingModule } from '../logging/logging.module.js';
import { HealthModule } from './health.module.js';
import { HealthMeanings, HealthProbes } from './health-probes.js';

const settings = Object.assign(new HttpSettings(), {
  publicPathPrefix: '',
  bodyLimitBytes: 1_024,
  keepAliveMs: 600_000,
  shutdownDelayMs: 0,
  shutdownGraceMs: 1_000,
});

const meanings = new HealthMeanings({ store: 'Nobody can store.' });

@Global()
@Module({
  providers: [
    { provide: HttpSettings, useValue: settings },
    { provide: HealthMeanings, useValue: meanings },
  ],
  exports: [HttpSettings, HealthMeanings],
})
class SettingsModule {}

describe('/health', () => {
  const lines: string[] = [];
  const log = new EventLog({ level: 'info' }, { write: (line) => lines.push(line) });
  let app: NestFastifyApplication;
  let url: string;
  let probes: HealthProbes;

  beforeEach(async () => {
    @Module({ imports: [SettingsModule, LoggingModule.forRoot(log), HttpModule, HealthModule] })
    class ThingsModule {}
    app = await createHttpApp(ThingsModule, settings, log);
    probes = app.get(HealthProbes);
    url = await listenHttp(app, { host: '127.0.0.1', port: 0 });
    lines.length = 0;
  });
  afterEach(() => app.close());

  async function ask(what: 'live' | 'ready') {
    const response = await fetch(`${url}/health/${what}`);
    return { status: response.status, body: Object(await response.json()) };
  }

  const add = (name: string, required: boolean, check: () => Promise<void>) =>
    probes.register({ name, required, check });
  const fails = (): Promise<void> => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.5:5432'));
  const works = (): Promise<void> => Promise.resolve();

  it('is live and ready when every probe answers', async () => {
    add('store', true, works);
    add('queue', false, works);
    expect(await ask('live')).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await ask('ready')).toEqual({
      status: 200,
      body: { status: 'ok', checks: { store: 'up', queue: 'up' } },
    });
  });

  it('is unavailable while a required probe fails, and stays live', async () => {
    add('store', true, fails);
    add('queue', false, works);
    const checks = { store: 'down', queue: 'up' };
    const troubles = [
      { part: 'store', since: expect.stringMatching(/^\d{4}-.*Z$/), means: 'Nobody can store.' },
    ];
    expect(await ask('ready')).toEqual({ status: 503, body: { status: 'unavailable', checks, troubles } });
    expect((await ask('live')).status).toBe(200);
  });

  it('is degraded, and ready, while only an optional probe fails', async () => {
    add('store', true, works);
    add('queue', false, fails);
    const checks = { store: 'up', queue: 'degraded' };
    const answer = await ask('ready');
    expect(answer).toMatchObject({ status: 200, body: { status: 'degraded', checks } });
    expect(answer.body.troubles).toHaveLength(1);
    // Since the failure began, not since the request.
    expect((await ask('ready')).body.troubles).toEqual(answer.body.troubles);
  });

  it("names the failing parts, the longest first, with the part's own details", async () => {
    const at = (iso: string) => ({ sinceMs: () => Date.parse(iso) });
    probes.register({ name: 'queue', required: false, check: fails, ...at('2026-01-02T00:00:00.000Z') });
    probes.register({ name: 'store', required: true, check: fails, ...at('2026-01-01T00:00:00.000Z') });
    const { body } = await ask('ready');
    expect(body.troubles).toEqual([
      { part: 'store', since: '2026-01-01T00:00:00.000Z', means: 'Nobody can store.' },
      { part: 'queue', since: '2026-01-02T00:00:00.000Z', means: '' },
    ]);
  });

  it('does not wait for a probe that never answers', async () => {
    add('store', true, () => new Promise(() => undefined));
    expect(await ask('ready')).toMatchObject({ status: 503, body: { checks: { store: 'down' } } });
  });

  it('runs a probe once for many who ask at once', async () => {
    let runs = 0;
    add('store', true, async () => void (runs += 1));
    await Promise.all(Array.from({ length: 50 }, () => ask('ready')));
    expect(runs).toBeLessThan(50);
  });

  it('logs the reason once, and not to the caller, and the end of the failure', async () => {
    let isUp = false;
    add('store', true, () => (isUp ? works() : fails()));
    const answer = await ask('ready');
    await ask('ready');
    expect(JSON.stringify(answer)).not.toContain('10.0.0.5');
    const failed = lines.filter((line) => line.includes('health.probe_failed'));
    expect(failed).toHaveLength(1);
    expect(JSON.parse(failed[0] ?? '')).toMatchObject({
      probe: 'store',
      required: true,
      to: 'down',
      means: 'Nobody can store.',
      alarm: true,
    });
    expect(failed[0]).toContain('10.0.0.5');
    isUp = true;
    while ((await ask('ready')).status !== 200);
    expect(lines.filter((line) => line.includes('health.probe_recovered'))).toHaveLength(1);
  });

  it('says once a minute that it goes on, and at the end how long it lasted', async () => {
    let isUp = false;
    add('queue', false, () => (isUp ? works() : fails()));
    const told = (event: string) =>
      lines.map((line) => JSON.parse(line)).filter((line) => line.event === event);
    const startMs = Date.now();
    const now = mock.method(Date, 'now', () => startMs);
    try {
      await ask('ready');
      for (const lastedMs of [59_000, 60_000, 100_000, 120_000]) {
        now.mock.mockImplementation(() => startMs + lastedMs);
        await ask('ready');
      }
      expect(told('health.probe_failed')).toHaveLength(1);
      expect(told('health.probe_still_failing')).toEqual([
        expect.objectContaining({ probe: 'queue', lastedMs: 60_000, alarm: true }),
        expect.objectContaining({ probe: 'queue', lastedMs: 120_000, alarm: true }),
      ]);
      isUp = true;
      while ((await ask('ready')).body.status !== 'ok');
      expect(told('health.probe_recovered')).toEqual([expect.objectContaining({ lastedMs: 120_000 })]);
    } finally {
      now.mock.restore();
    }
  });

  it('is not ready any more once a stop has begun, whatever the probes say', async () => {
    add('store', true, works);
    app.get(Draining).onModuleDestroy();
    expect(await ask('ready')).toMatchObject({ status: 503, body: { status: 'stopping' } });
    expect((await ask('live')).status).toBe(200);
  });

  it('refuses two probes of one name', () => {
    add('store', true, works);
    expect(() => add('store', false, works)).toThrow('store');
  });
});
