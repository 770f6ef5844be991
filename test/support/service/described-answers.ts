import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

type Part = Readonly<Record<string, unknown>>;
interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Part>> };
}
interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const DESCRIPTION = JSON.parse(
  readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'),
) as Description; // our own file

/** Every answer the description promises: `GET /v1/payments/{paymentId} 200`. */
export const DESCRIBED: readonly string[] = Object.entries(DESCRIPTION.paths).flatMap(([path, operations]) =>
  Object.entries(operations).flatMap(([method, { responses }]) =>
    Object.keys(responses).map((status) => `${method.toUpperCase()} ${path} ${status}`),
  ),
);

/** Those that were received in this file. */
export const seenAnswers = new Set<string>();

/** Throws when an answer is not exactly what the description says of its operation and status. */
export function checkDescribed(method: string, url: string, received: Received): void {
  const { pathname } = new URL(url, 'http://localhost');
  const path = PATHS.find(({ pattern }) => pattern.test(pathname))?.path;
  const operation = path === undefined ? undefined : DESCRIPTION.paths[path]?.[method.toLowerCase()];
  // An address or a method that nobody serves is answered by a problem, and no operation describes it.
  if (path === undefined || operation === undefined) return;
  const { responses } = operation;
  const status = String(received.status) in responses ? String(received.status) : 'default';
  const name = `${method.toUpperCase()} ${path} ${status}`;
  const mediaType = (received.headers.get('content-type') ?? '').split(';')[0] ?? '';
  const content = responses[status]?.content ?? {};
  if (!(mediaType in content)) {
    throw new Error(`${name} is not described as ${mediaType} (status ${received.status}): ${received.text}`);
  }
  seenAnswers.add(name);
  if (!mediaType.endsWith('json')) return;
  const validate = validatorOf(path, method.toLowerCase(), status, mediaType);
  if (validate(JSON.parse(received.text))) return;
  const faults = (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
  );
  throw new Error(`${name} differs from its description:\n${faults.join('\n')}\n${received.text}`);
}

/** A path without a parameter is the better match: `/payments.csv` before `/payments/{paymentId}`. */
const PATHS = Object.keys(DESCRIPTION.paths)
  .toSorted((one, other) => one.split('{').length - other.split('{').length)
  .map((path) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));

const ajv = openAjv();
const validators = new Map<string, ValidateFunction>();

function validatorOf(path: string, method: string, status: string, mediaType: string): ValidateFunction {
  const pointer = ['paths', path, method, 'responses', status, 'content', mediaType, 'schema']
    .map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
  const known = validators.get(pointer);
  if (known) return known;
  const made = ajv.compile({ $ref: `openapi#/${pointer}` });
  validators.set(pointer, made);
  return made;
}

function openAjv(): Ajv {
  // The words of OpenAPI that are no words of JSON Schema are only for people.
  const opened = new Ajv({ strict: false, allErrors: true });
  addFormats.default(opened);
  const schemas = Object.fromEntries(
    Object.entries(DESCRIPTION.components.schemas).map(([name, schema]) => [name, closed(schema)]),
  );
  return opened.addSchema({ ...DESCRIPTION, components: { schemas } }, 'openapi');
}

/** The description lets us add fields later; what is not in it today must not be in an answer today. */
function closed(schema: Part): Part {
  return schema['type'] === 'object' ? { additionalProperties: false, ...schema } : schema;
}
