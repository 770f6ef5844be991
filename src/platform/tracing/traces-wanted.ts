import type * as Sdk from '@opentelemetry/sdk-trace-base';
import type { Environment } from '../config/load-settings.js';
import { ignoredByExporter } from './exporter-variables.js';

type SamplerMaker = (sdk: typeof Sdk, ratio: number) => Sdk.Sampler;

const SAMPLERS: Readonly<Record<string, SamplerMaker>> = {
  always_on: (sdk) => new sdk.AlwaysOnSampler(),
  always_off: (sdk) => new sdk.AlwaysOffSampler(),
  traceidratio: (sdk, ratio) => new sdk.TraceIdRatioBasedSampler(ratio),
  parentbased_always_on: (sdk) => new sdk.ParentBasedSampler({ root: new sdk.AlwaysOnSampler() }),
  parentbased_always_off: (sdk) => new sdk.ParentBasedSampler({ root: new sdk.AlwaysOffSampler() }),
  parentbased_traceidratio: (sdk, ratio) =>
    new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(ratio) }),
};

const USUAL_SAMPLER = 'parentbased_always_on';
const PROTOCOLS = ['http/protobuf', 'http/json'] as const;
/** Longer than this a timer of Node.js does not wait. */
const MOST_MS = 2_147_483_647;

/** As the specification has them. */
const USUAL_BATCHES: Batches = {
  maxQueueSize: 2_048,
  maxExportBatchSize: 512,
  scheduledDelayMillis: 5_000,
  exportTimeoutMillis: 30_000,
};

interface BatchRule {
  readonly setting: string;
  readonly least: number;
}

const BATCH_RULES: Readonly<Record<keyof Batches, BatchRule>> = {
  maxQueueSize: { setting: 'OTEL_BSP_MAX_QUEUE_SIZE', least: 1 },
  maxExportBatchSize: { setting: 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE', least: 1 },
  scheduledDelayMillis: { setting: 'OTEL_BSP_SCHEDULE_DELAY', least: 0 },
  exportTimeoutMillis: { setting: 'OTEL_BSP_EXPORT_TIMEOUT', least: 1 },
};

interface IgnoredSetting {
  readonly setting: string;
  readonly used: string;
}

/** How spans wait for the collector, as the SDK takes it. */
interface Batches {
  /** The most spans that wait. */
  readonly maxQueueSize: number;
  readonly maxExportBatchSize: number;
  readonly scheduledDelayMillis: number;
  readonly exportTimeoutMillis: number;
}

/** What the environment asks for. */
export interface WantedTraces {
  /** Undefined: no traces. */
  readonly protocol: (typeof PROTOCOLS)[number] | undefined;
  readonly sampler: (sdk: typeof Sdk) => Sdk.Sampler;
  readonly batches: Batches;
  /** Settings with a value that is not supported, and what is done instead. */
  readonly ignored: readonly IgnoredSetting[];
}

/**
 * Reads the variables of OpenTelemetry that decide whether and how traces are made. Those that only its exporter knows
 * (address, headers, time limit, certificates) it reads by itself; here they are only looked at. An unknown value never keeps the service from
 * starting: traces are not worth that.
 */
export function tracesWanted(environment: Environment): WantedTraces {
  const ignored: IgnoredSetting[] = [];
  const read = (name: string): string => (environment[name] ?? '').trim();
  const known = <Value>(name: string, value: Value | undefined, usual: Value, used: string): Value => {
    if (value !== undefined) return value;
    if (read(name) !== '') ignored.push({ setting: name, used });
    return usual;
  };
  const isOn = isWanted(read, ignored);
  if (!isOn) return { protocol: undefined, sampler: offSampler, batches: USUAL_BATCHES, ignored };
  const protocolName = nameOf(read, 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL');
  const protocol = known(
    protocolName,
    PROTOCOLS.find((one) => one === read(protocolName)),
    'http/protobuf',
    'http/protobuf',
  );
  const maker = Object.hasOwn(SAMPLERS, read('OTEL_TRACES_SAMPLER'))
    ? SAMPLERS[read('OTEL_TRACES_SAMPLER')]
    : undefined;
  const make = known('OTEL_TRACES_SAMPLER', maker, SAMPLERS[USUAL_SAMPLER] as SamplerMaker, USUAL_SAMPLER);
  const ratio = known('OTEL_TRACES_SAMPLER_ARG', ratioOf(read('OTEL_TRACES_SAMPLER_ARG')), 1, '1');
  const batch = (of: keyof Batches): number => {
    const { setting, least } = BATCH_RULES[of];
    const usual = USUAL_BATCHES[of];
    return known(setting, wholeNumber(read(setting), least), usual, String(usual));
  };
  const batches = {
    maxQueueSize: batch('maxQueueSize'),
    maxExportBatchSize: batch('maxExportBatchSize'),
    scheduledDelayMillis: batch('scheduledDelayMillis'),
    exportTimeoutMillis: batch('exportTimeoutMillis'),
  };
  ignored.push(...ignoredByExporter((name) => environment[name] ?? ''));
  return {
    protocol,
    sampler: (sdk) => make(sdk, ratio),
    batches,
    ignored,
  };
}

const offSampler: WantedTraces['sampler'] = (sdk) => new sdk.AlwaysOffSampler();

/** By an exporter that is named, or by the address of a collector. */
function isWanted(read: (name: string) => string, ignored: IgnoredSetting[]): boolean {
  if (read('OTEL_SDK_DISABLED').toLowerCase() === 'true') return false;
  const exporter = read('OTEL_TRACES_EXPORTER');
  if (exporter === 'otlp') return true;
  if (exporter !== '') {
    if (exporter !== 'none') ignored.push({ setting: 'OTEL_TRACES_EXPORTER', used: 'none' });
    return false;
  }
  return read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') !== '' || read('OTEL_EXPORTER_OTLP_ENDPOINT') !== '';
}

function nameOf(read: (name: string) => string, own: string, general: string): string {
  return read(own) === '' ? general : own;
}

function ratioOf(text: string): number | undefined {
  const ratio = Number(text);
  return text !== '' && ratio >= 0 && ratio <= 1 ? ratio : undefined;
}

function wholeNumber(text: string, least: number): number | undefined {
  const number = Number(text);
  return text !== '' && Number.isInteger(number) && number >= least && number <= MOST_MS ? number : undefined;
}
