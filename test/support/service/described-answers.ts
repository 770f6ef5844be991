import { readFileSync } from 'node:fs';
import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

type Part = Readonly<Record<string, unknown>>;
interface Answer {
  /** An answer that many operations share is in the components. */
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, Content>>;
}
interface Content {
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}
interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, Answer>>;
}
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly webhooks: Readonly<Record<string, { readonly post: Required<Pick<Operation, 'requestBody'>> }>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Part>>;
    readonly responses: Readonly<Record<string, Answer>>;
  };
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

/** Every type of event the description promises. */
export const DESCRIBED_EVENTS: readonly string[] = Object.keys(DESCRIPTION.webhooks);

/** Those received in this file. */
export const seenAnswers = new Set<string>();

/** @throws when an answer differs from the description of its operation and status */
export function checkDescribed(method: string, url: string, received: Received): void {
  const { pathname } = new URL(url, 'http://localhost');
  const path = PATHS.find(({ pattern }) => pattern.test(pathname))?.path;
  const operation = path === undefined ? undefined : DESCRIPTION.paths[path]?.[method.toLowerCase()];
  // An unknown address or method is answered by a problem that no operation describes.
  if (path === undefined || operation === undefined) return;
  const { responses } = operation;
  const status = String(received.status) in responses ? String(received.status) : 'default';
  const name = `${method.toUpperCase()} ${path} ${status}`;
  const mediaType = (received.headers.get('content-type') ?? '').split(';')[0] ?? '';
  const steps = stepsTo(path, method.toLowerCase(), status, responses[status]);
  const content = contentAt(steps, responses[status]);
  if (!(mediaType in content)) {
    throw new Error(`${name} is not described as ${mediaType} (status ${received.status}): ${received.text}`);
  }
  seenAnswers.add(name);
  if (!mediaType.endsWith('json')) return;
  const faults = faultsOf(JSON.parse(received.text), [...steps, 'content', mediaType, 'schema']);
  if (faults.length === 0) return;
  throw new Error(`${name} differs from its description:\n${faults.join('\n')}\n${received.text}`);
}

/** The differences of an answer from its schema. */
function faultsOf(body: unknown, schema: readonly string[]): string[] {
  const validate = validatorOf(schema);
  if (validate(body)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
  );
}

/** The differences of a received event from the description of its type. */
export function eventFaults(message: { readonly type: string }): string[] {
  const { type } = message;
  if (!(type in DESCRIPTION.webhooks)) return [`${type} is not described`];
  return faultsOf(message, stepsToEvent(type));
}

function stepsToEvent(type: string): string[] {
  return ['webhooks', type, 'post', 'requestBody', 'content', 'application/json', 'schema'];
}

/** Every example of an answer, or an event, that does not match its own schema. */
export function wrongExamples(): string[] {
  const events = Object.entries(DESCRIPTION.webhooks).flatMap(([type, { post }]) =>
    Object.values(post.requestBody.content['application/json']?.examples ?? {}).flatMap(({ value }) =>
      faultsOf(value, stepsToEvent(type)).map((fault) => `${type}: ${fault}`),
    ),
  );
  const answers = Object.entries(DESCRIPTION.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { responses }]) =>
      Object.entries(responses).flatMap(([status, answer]) => {
        const steps = stepsTo(path, method, status, answer);
        return Object.entries(contentAt(steps, answer)).flatMap(([mediaType, { examples = {} }]) =>
          Object.entries(examples).flatMap(([name, { value }]) =>
            faultsOf(value, [...steps, 'content', mediaType, 'schema']).map(
              (fault) => `${method} ${path} ${status} ${name}: ${fault}`,
            ),
          ),
        );
      }),
    ),
  );
  return [...events, ...answers];
}

/** The example requests, by operation; undefined for one without a body. */
export const REQUEST_EXAMPLES: Readonly<Record<string, readonly unknown[]>> = Object.fromEntries(
  Object.values(DESCRIPTION.paths).flatMap((operations) =>
    Object.values(operations).flatMap(({ operationId, requestBody }) =>
      requestBody
        ? [
            [
              operationId,
              Object.values(requestBody.content['application/json']?.examples ?? {}).map(
                ({ value }) => value,
              ),
            ],
          ]
        : [],
    ),
  ),
);

/** A path without a parameter is the better match: `/payments.csv` before `/payments/{paymentId}`. */
const PATHS = Object.keys(DESCRIPTION.paths)
  .toSorted((one, other) => one.split('{').length - other.split('{').length)
  .map((path) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));

const ajv = openAjv();
const validators = new Map<string, ValidateFunction>();

/** The path of the answer in the document: at its operation, or in the components. */
function stepsTo(path: string, method: string, status: string, answer: Answer | undefined): string[] {
  if (answer?.$ref === undefined) return ['paths', path, method, 'responses', status];
  return answer.$ref.replace('#/', '').split('/');
}

function contentAt(steps: readonly string[], answer: Answer | undefined): NonNullable<Answer['content']> {
  const described =
    answer?.$ref === undefined ? answer : DESCRIPTION.components.responses[steps.at(-1) ?? ''];
  return described?.content ?? {};
}

function validatorOf(steps: readonly string[]): ValidateFunction {
  const pointer = steps
    .map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
  const known = validators.get(pointer);
  if (known) return known;
  const made = ajv.compile({ $ref: `openapi#/${pointer}` });
  validators.set(pointer, made);
  return made;
}

function openAjv(): Ajv2020 {
  // Keywords of OpenAPI that JSON Schema does not have are only for people.
  const opened = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(opened);
  const schemas = Object.fromEntries(
    Object.entries(DESCRIPTION.components.schemas).map(([name, schema]) => [name, closed(schema)]),
  );
  return opened.addSchema({ ...DESCRIPTION, components: { ...DESCRIPTION.components, schemas } }, 'openapi');
}

/** The description allows new fields later; today's answers must not have others than today's description. */
function closed(schema: Part): Part {
  return schema['type'] === 'object' ? { additionalProperties: false, ...schema } : schema;
}
