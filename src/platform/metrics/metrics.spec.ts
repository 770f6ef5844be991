import { connect } from 'node:net';
import { PerformanceObserver } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import { mock } from 'node:test';
import { Controller, Get, Global, Module, NotFoundException, Param } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpApp, listenHttp } from '../http/create-http-app.js';
import { HttpModule } from '../http/http.module.js';
import { HttpSettings } from '../http/http.settings.js';
import { MOST_UNANSWERED } from '../http/server/bounded-connections.js';
import { EventLog } from '../logging/event-log.js';
import { LoggingModule } from '../logging/logging.module.js';
import { figuresOfProcess, Metrics } from './metrics.js';
import { MetricsModule } from './metrics.module.js';

@Controller('things')
class ThingsController {
  @Get(':thingId')
  read(@Param('thingId') thingId: string): object {
    if (thingId === 'none') throw new NotFoundException();
    return {};
  }
}

const log = new EventLog({ level: 'silent' }, { write: () => undefined });
const settings = Object.assign(new HttpSettings(), {
  publicPathPrefix: '',
  bodyLimitBytes: 1_024,
  keepAliveMs: 600_000,
  shutdownDelayMs: 0,
  shutdownGraceMs: 1_000,
});

@Global()
@Module({ providers: [{ provide: HttpSettings, useValue: settings }], exports: [HttpSettings] })
class SettingsModule {}

@Module({
  imports: [SettingsModule, LoggingModule.forRoot(log), HttpModule, MetricsModule],
  controllers: [ThingsController],
})
class ThingsModule {}

describe('/metrics', () => {
  let app: NestFastifyApplication;
  let url: string;

  beforeAll(async () => {
    app = await createHttpApp(ThingsModule, settings, log);
    url = await listenHttp(app, { host: '127.0.0.1', port: 0 });
  });
  afterAll(() => app.close());

  const scrape = async (): Promise<string> => (await fetch(`${url}/metrics`)).text();

  it('is made once for all who ask at the same moment, and again for later ones', async () => {
    let times = 0;
    const collect = (): void => void (times += 1);
    app.get(Metrics).gauge({ name: 'scrapes_seen', help: 'Of this test.', collect });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const answers = text(socket);
    // All of them are read in one turn of the event loop.
    const ask = (more: string): string => `GET /metrics HTTP/1.1\r\nhost: x\r\n${more}\r\n`;
    socket.write(ask('').repeat(MOST_UNANSWERED - 1) + ask('connection: close\r\n'));
    expect((await answers).split('HTTP/1.1 200 ')).toHaveLength(MOST_UNANSWERED + 1);
    expect(times).toBeLessThan(MOST_UNANSWERED / 2);
    const before = times;
    await scrape();
    expect(times).toBe(before + 1);
  });

  it('is the text Prometheus reads, with the state of the process', async () => {
    const response = await fetch(`${url}/metrics`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    const text = await response.text();
    for (const name of [
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_seconds',
      'nodejs_heap_size_used_bytes',
    ]) {
      expect(text).toContain(`# TYPE ${name} `);
    }
  });

  it('counts answers by route pattern and class of status, never by address', async () => {
    for (const path of ['/things/4711', '/things/4712', '/things/none', '/nowhere/4713']) {
      await (await fetch(url + path)).text();
    }
    const count = (method: string, route: string, statusClass: string) =>
      `http_server_request_duration_seconds_count{method="${method}",route="${route}",status_class="${statusClass}"}`;
    const text = await until(scrape, (found) => found.includes(`${count('GET', '(none)', '4xx')} 1`));
    expect(text).toContain(`${count('GET', '/things/:thingId', '2xx')} 2`);
    expect(text).toContain(`${count('GET', '/things/:thingId', '4xx')} 1`);
    expect(text).not.toMatch(/\/471[123]/);
  });
});

describe('Metrics', () => {
  it('gives the same metric for the same name, and refuses another kind under it', async () => {
    const metrics = new Metrics();
    const spec = { name: 'things_total', help: 'Things.', labels: ['kind'] } as const;
    metrics.counter(spec).inc({ kind: 'a' });
    metrics.counter(spec).inc({ kind: 'a' });
    expect(await metrics.registry.metrics()).toContain('things_total{kind="a"} 2');
    expect(() => metrics.gauge(spec)).toThrow('things_total');
    metrics.onApplicationShutdown();
  });

  it('asks a gauge for its value at each scrape', async () => {
    const metrics = new Metrics();
    let depth = 3;
    metrics.gauge({ name: 'depth', help: 'Depth.', collect: async (gauge) => gauge.set(depth) });
    expect(await metrics.registry.metrics()).toContain('\ndepth 3\n');
    depth = 4;
    expect(await metrics.registry.metrics()).toContain('\ndepth 4\n');
  });

  it('leaves out a value that is not ready in time, counts it, and asks one question at a time', async () => {
    const metrics = new Metrics();
    let asked = 0;
    let answer: () => void = () => undefined;
    metrics.gauge({
      name: 'depth',
      help: 'Depth.',
      collect: (gauge) => {
        asked += 1;
        gauge.set(3);
        return new Promise((resolve) => (answer = resolve));
      },
    });
    const beganMs = performance.now();
    for (const times of [1, 2]) {
      const text = await metrics.registry.metrics();
      expect(text).not.toMatch(/^depth \d/m);
      expect(await metrics.registry.getSingleMetricAsString('metrics_uncollected_total')).toContain(
        `metrics_uncollected_total{metric="depth"} ${times}`,
      );
    }
    expect(performance.now() - beganMs).toBeLessThan(5_000);
    expect(asked).toBe(1);
    answer();
  });

  it('leaves out a value that fails, and has all others', async () => {
    const metrics = new Metrics();
    const collect = (): Promise<void> => Promise.reject(new Error('the database is away'));
    metrics.gauge({ name: 'depth', help: 'Depth.', labels: ['of'], collect });
    metrics.gauge({ name: 'height', help: 'Height.', collect: (gauge) => gauge.set(2) });
    const text = await metrics.registry.metrics();
    expect(text).toContain('\nheight 2\n');
    expect(text).not.toMatch(/^depth\{/m);
  });

  it('keeps two applications in one process apart', async () => {
    const [one, other] = [new Metrics(), new Metrics()];
    one.histogram({ name: 'wait_seconds', help: 'Wait.', buckets: [1] }).observe(0.5);
    expect(await other.registry.metrics()).not.toContain('wait_seconds');
    expect(await one.registry.metrics()).toContain('wait_seconds_bucket{le="1"} 1');
    for (const metrics of [one, other])
      expect(await metrics.text()).toContain('\nprocess_cpu_seconds_total ');
  });

  it('watches the process once, however many applications there are in it', () => {
    figuresOfProcess();
    const { mock: observed } = mock.method(PerformanceObserver.prototype, 'observe');
    for (let made = 0; made < 3; made += 1) new Metrics().onApplicationShutdown();
    figuresOfProcess();
    expect(observed.callCount()).toBe(0);
  });
});

/** The answer is counted when its last byte is sent, which the client may read a moment before. */
async function until(read: () => Promise<string>, fits: (text: string) => boolean): Promise<string> {
  const giveUpAt = Date.now() + 4_000;
  for (;;) {
    const text = await read();
    if (fits(text) || Date.now() > giveUpAt) return text;
  }
}
