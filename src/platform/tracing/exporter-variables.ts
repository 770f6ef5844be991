import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * Those variables of OpenTelemetry that its exporter and its resource read by themselves. They tell nobody of a value
 * that they cannot follow, so each is looked at here as they look at it.
 */
interface Rule {
  readonly settings: readonly string[];
  /** What they do instead. */
  readonly used: string;
  readonly holds: (text: string) => boolean;
}

const UNSET = 'as if it were not set';
const MOST_CHARACTERS = 255;

const forTraces = (what: string): string[] => [
  `OTEL_EXPORTER_OTLP_${what}`,
  `OTEL_EXPORTER_OTLP_TRACES_${what}`,
];

const RULES: readonly Rule[] = [
  { settings: forTraces('ENDPOINT'), used: UNSET, holds: (text) => URL.canParse(text) },
  {
    settings: forTraces('ENDPOINT'),
    used: 'no span is exported',
    holds: (text) => !URL.canParse(text) || /^https?:$/.test(new URL(text).protocol),
  },
  {
    settings: forTraces('TIMEOUT'),
    used: UNSET,
    holds: (text) => Number(text) > 0 && isFinite(Number(text)),
  },
  {
    settings: forTraces('COMPRESSION'),
    used: UNSET,
    holds: (text) => ['none', 'gzip'].includes(text.trim()),
  },
  {
    settings: forTraces('HEADERS'),
    used: 'the pairs that can be read',
    holds: (text) => pairsOf(text).every(([key, value]) => key !== '' && value !== '' && value !== undefined),
  },
  {
    settings: ['CERTIFICATE', 'CLIENT_CERTIFICATE', 'CLIENT_KEY'].flatMap(forTraces),
    used: 'no such file',
    holds: isReadable,
  },
  {
    settings: ['OTEL_RESOURCE_ATTRIBUTES'],
    used: 'none of them',
    holds: (text) => pairsOf(text).every((pair) => isAttribute(pair)),
  },
];

/** @param read the text of a variable as it stands in the environment */
export function ignoredByExporter(
  read: (name: string) => string,
): { readonly setting: string; readonly used: string }[] {
  return RULES.flatMap(({ settings, used, holds }) =>
    settings
      .filter((setting) => read(setting).trim() !== '' && !holds(read(setting)))
      .map((setting) => ({ setting, used })),
  );
}

/** Of `key=value,key=value`; a key is empty where the pair cannot be read. */
function pairsOf(text: string): [key: string, value: string | undefined, isOne: boolean][] {
  return text
    .split(',')
    .filter((pair) => pair.trim() !== '')
    .map((pair) => {
      const [key = '', ...values] = pair.split('=');
      const value = values.length > 0 ? decoded(values.join('=')) : undefined;
      return [value === undefined ? '' : (decoded(key) ?? ''), value, values.length === 1];
    });
}

function isAttribute([key, value = '', isOne]: ReturnType<typeof pairsOf>[number]): boolean {
  return isOne && key !== '' && key.length <= MOST_CHARACTERS && value.length <= MOST_CHARACTERS;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return undefined;
  }
}

function isReadable(path: string): boolean {
  try {
    readFileSync(resolve(path));
    return true;
  } catch {
    return false;
  }
}
