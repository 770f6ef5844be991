import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { EventLog } from '../logging/event-log.js';
import { openTracing } from './open-tracing.js';
import { tracesWanted } from './traces-wanted.js';

const AT = 'http://127.0.0.1:4318';
const PLAN = { name: 'process thing', kind: 'taken', attributes: {} } as const;

describe('whether traces are wanted', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['not while nothing asks for them', {}, undefined],
    ['by the address of a collector', { OTEL_EXPORTER_OTLP_ENDPOINT: AT }, 'http/protobuf'],
    ['by its address for traces', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: AT }, 'http/protobuf'],
    ['by the name of the exporter', { OTEL_TRACES_EXPORTER: 'otlp' }, 'http/protobuf'],
    ['not while all is disabled', { OTEL_EXPORTER_OTLP_ENDPOINT: AT, OTEL_SDK_DISABLED: 'TRUE' }, undefined],
    ['not without an exporter', { OTEL_EXPORTER_OTLP_ENDPOINT: AT, OTEL_TRACES_EXPORTER: 'none' }, undefined],
    [
      'in the protocol for traces before the general one',
      {
        OTEL_TRACES_EXPORTER: 'otlp',
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
        OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
      },
      'http/json',
    ],
  ])('%s', (_what, environment, protocol) => {
    expect(tracesWanted(environment)).toMatchObject({ protocol, ignored: [] });
  });

  it('names settings it cannot follow, and what it does instead', () => {
    const wrong = {
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_TRACES_SAMPLER: 'jaeger_remote',
      OTEL_TRACES_SAMPLER_ARG: '2',
    };
    expect(tracesWanted(wrong).ignored).toEqual([
      { setting: 'OTEL_EXPORTER_OTLP_PROTOCOL', used: 'http/protobuf' },
      { setting: 'OTEL_TRACES_SAMPLER', used: 'parentbased_always_on' },
      { setting: 'OTEL_TRACES_SAMPLER_ARG', used: '1' },
    ]);
    expect(tracesWanted({ OTEL_TRACES_EXPORTER: 'zipkin' }).ignored).toEqual([
      { setting: 'OTEL_TRACES_EXPORTER', used: 'none' },
    ]);
  });
});

describe('a variable of the exporter, the queue or the resource', () => {
  const read = (name: string, text: string) => tracesWanted({ OTEL_TRACES_EXPORTER: 'otlp', [name]: text });

  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'garbage', 'as if it were not set'],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'http://', 'as if it were not set'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'no span is exported'],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', '-1', 'as if it were not set'],
    ['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', '10s', 'as if it were not set'],
    ['OTEL_EXPORTER_OTLP_COMPRESSION', 'zzz', 'as if it were not set'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'bad', 'the pairs that can be read'],
    ['OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'a=b,c=', 'the pairs that can be read'],
    ['OTEL_EXPORTER_OTLP_CERTIFICATE', '/nonexist', 'no such file'],
    ['OTEL_EXPORTER_OTLP_CLIENT_KEY', '/nonexist', 'no such file'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'a=b,c=%zz,=x', 'none of them'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'a=b=c', 'none of them'],
    ['OTEL_RESOURCE_ATTRIBUTES', `a=${'b'.repeat(256)}`, 'none of them'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', '-1', '2048'],
    ['OTEL_BSP_MAX_EXPORT_BATCH_SIZE', '0', '512'],
    ['OTEL_BSP_SCHEDULE_DELAY', 'abc', '5000'],
    ['OTEL_BSP_EXPORT_TIMEOUT', '9e12', '30000'],
  ])('is named when it cannot be followed: %s=%s', (setting, text, used) => {
    expect(read(setting, text).ignored).toEqual([{ setting, used }]);
  });

  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', AT],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', ' '],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', '1.5e3'],
    ['OTEL_EXPORTER_OTLP_COMPRESSION', ' gzip'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization=Basic%20YQ==, b=c,'],
    ['OTEL_EXPORTER_OTLP_CERTIFICATE', 'package.json'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'a=b, c=%20d,e='],
    ['OTEL_BSP_SCHEDULE_DELAY', '0'],
  ])('is not named when it can: %s=%s', (setting, text) => {
    expect(read(setting, text).ignored).toEqual([]);
  });

  it('decides how spans wait', () => {
    expect(read('OTEL_BSP_SCHEDULE_DELAY', '10').batches).toEqual({
      maxQueueSize: 2_048,
      maxExportBatchSize: 512,
      scheduledDelayMillis: 10,
      exportTimeoutMillis: 30_000,
    });
  });
});

describe('tracing', () => {
  // The packages read the environment of the process, which other specs of a worker share.
  const named = new Set<string>();
  afterEach(() => {
    for (const name of named) delete process.env[name];
    named.clear();
  });

  const opened = (environment: Record<string, string>) => {
    for (const name of Object.keys(environment)) named.add(name);
    Object.assign(process.env, environment);
    return openTracing(process.env, new EventLog({ level: 'silent' }, { write: () => undefined }), 'things');
  };

  it('uses no more than a queue for a collector that never answers, and does not wait for it at a stop', async () => {
    const sockets: Socket[] = [];
    const collector = createServer((socket) => void sockets.push(socket.resume())).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    const { port } = collector.address() as AddressInfo; // it listens on TCP
    const tracing = await opened({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_BSP_MAX_QUEUE_SIZE: '10',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10',
      OTEL_EXPORTER_OTLP_TIMEOUT: '600000',
      OTEL_BSP_EXPORT_TIMEOUT: '600000',
    });
    for (let at = 0; at < 25; at += 1) tracing.taken(undefined, PLAN).end();
    // The first ten are on their way, the next ten wait.
    expect(tracing.counts).toMatchObject({ exported: 0, failed: 0, dropped: 5 });
    await tracing.stop();
    expect(tracing.counts).toMatchObject({ exported: 0 });
    for (const socket of sockets) socket.destroy();
    collector.close();
  });

  it('samples a later attempt like the trace it links to', async () => {
    const tracing = await opened({
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0',
    });
    const [id, span] = ['1'.repeat(32), '2'.repeat(16)];
    for (const flags of ['00', '01']) {
      const later = tracing.takenLater(`00-${id}-${span}-${flags}`, PLAN);
      expect(later.traceId).not.toBe(id);
      expect(later.traceparent?.slice(-2)).toBe(flags);
    }
    expect(tracing.takenLater(undefined, PLAN).traceparent?.slice(-2)).toBe('00');
    await tracing.stop();
  });

  it('adds request, trace and span to a log line, and nothing while it is off', async () => {
    const lines: unknown[] = [];
    const log = new EventLog({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line)) });
    const tracing = await opened({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
    const origin = tracing.received('r-1', undefined, { ...PLAN, kind: 'received' });
    log.event('thing.done', { origin, thing: 1 });
    const off = await openTracing({}, log, 'things');
    log.event('thing.done', { origin: off.taken(undefined, PLAN), thing: 2 });
    const [, traceId, spanId] = origin.traceparent?.split('-') ?? [];
    expect(lines).toEqual([
      expect.objectContaining({ requestId: 'r-1', trace_id: traceId, span_id: spanId, thing: 1 }),
      { level: 'info', time: expect.any(String), event: 'thing.done', thing: 2 },
    ]);
    await tracing.stop();
  });
});
