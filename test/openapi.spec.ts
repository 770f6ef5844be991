import { readFileSync } from 'node:fs';
import { EVENT_TYPE_NAMES } from '../src/payment-order/event/event-type.js';

type Part = Readonly<Record<string, unknown>>;
interface Content {
  readonly schema: Part;
  readonly examples?: Readonly<Record<string, unknown>>;
}
interface Answer {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, Content>>;
}
interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly description?: string;
  readonly schema: Part;
}
interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, Answer>>;
}
interface Webhook extends Operation {
  readonly description: string;
  readonly requestBody: { readonly content: Readonly<Record<string, Content>> };
}
interface Description {
  readonly openapi: string;
  readonly tags: readonly { readonly name: string }[];
  readonly webhooks: Readonly<Record<string, { readonly post: Webhook }>>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Part>>;
    readonly responses: Readonly<Record<string, Answer>>;
    readonly headers: Readonly<Record<string, { readonly description: string; readonly schema: Part }>>;
  };
}

const description = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as Description; // our own file
const { components } = description;

const operations = Object.entries(description.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
);

/** Every answer of every operation; a shared one is resolved from the components. */
const answers = operations.flatMap(({ operation }) =>
  Object.entries(operation.responses).map(([status, { $ref, ...own }]) => ({
    name: `${operation.operationId} ${status}`,
    status,
    operation,
    answer: $ref === undefined ? own : (components.responses[$ref.split('/').at(-1) ?? ''] ?? own),
  })),
);

const contents = answers.flatMap(({ name, answer }) =>
  Object.entries(answer.content ?? {}).map(([mediaType, content]) => ({
    name: `${name} ${mediaType}`,
    mediaType,
    content,
  })),
);

function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null;
}

/** The words that a schema allows for a field, wherever in it they are. */
function wordsOf(schema: unknown, field: string): string[] {
  if (!isPart(schema)) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === field ? enumsIn(value) : wordsOf(value, field),
  );
}

function enumsIn(schema: unknown): string[] {
  if (!isPart(schema)) return [];
  const { enum: words } = schema;
  if (Array.isArray(words)) return words as string[]; // of the codes, which are text
  return Object.values(schema).flatMap(enumsIn);
}

/** Every field of every schema and every parameter, under a name by which it is found. */
const fields: readonly (readonly [place: string, name: string, schema: Part])[] = [
  ...Object.entries(components.schemas).flatMap(([place, schema]) => fieldsIn(schema, place)),
  ...operations.flatMap(({ operation: { operationId, parameters = [] } }) =>
    parameters.map(({ name, schema }) => [`${operationId}?${name}`, name, schema] as const),
  ),
];

function fieldsIn(schema: unknown, place: string): (readonly [string, string, Part])[] {
  if (!isPart(schema)) return [];
  const { properties } = schema;
  const own = isPart(properties) ? Object.entries(properties) : [];
  return own.flatMap(([name, field]) => [
    [`${place}.${name}`, name, isPart(field) ? field : {}] as const,
    ...fieldsIn(field, `${place}.${name}`),
  ]);
}

const isTime = (name: string): boolean =>
  /(At|Time|Since|Until|Timestamp)(Utc8|Local)?$/.test(name) || ['at', 'since', 'until'].includes(name);
const OUR_IDS = ['paymentId', 'scanId', 'eventId', 'debitId', 'refundId'];

describe('docs/openapi.json', () => {
  it('names each operation once, in lower camel case, with a summary and a tag that is described', () => {
    const ids = operations.map(({ operation }) => operation.operationId ?? '');
    expect(ids.filter((id) => !/^[a-z][a-zA-Z]+$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = new Set(description.tags.map(({ name }) => name));
    const bare = operations.filter(
      ({ operation }) =>
        operation.summary === undefined || operation.tags?.length !== 1 || !tags.has(operation.tags[0] ?? ''),
    );
    expect(bare.map(({ operation }) => operation.operationId)).toEqual([]);
  });

  it('has for each operation the statuses that its kind of operation can have', () => {
    const missing = operations.flatMap(({ method, operation }) => {
      const isAddressed = operation.parameters?.some((parameter) => parameter.in === 'path') === true;
      const wanted = ['400', '405', '408', '431', '500', '503', 'default'];
      if (operation.security?.length !== 0) wanted.push('401', '403', '429');
      if (method !== 'get') wanted.push('413', '415');
      if (isAddressed) wanted.push('414');
      if (operation.parameters?.some(({ name, in: place }) => place === 'path' && OUR_IDS.includes(name)))
        wanted.push('404');
      return wanted
        .filter((status) => !(status in operation.responses))
        .map((status) => `${operation.operationId} ${status}`);
    });
    expect(missing).toEqual([]);
  });

  it('has a schema and an example of every answer', () => {
    expect(answers.filter(({ answer }) => answer.content === undefined).map(({ name }) => name)).toEqual([]);
    const bare = contents.filter(
      ({ content: { schema, examples = {} } }) =>
        Object.keys(schema).length === 0 || Object.keys(examples).length === 0,
    );
    expect(bare.map(({ name }) => name)).toEqual([]);
  });

  it('lists the codes of every problem, with an example of each', () => {
    const problems = contents.filter(({ mediaType }) => mediaType === 'application/problem+json');
    const wrong = problems.filter(({ content: { schema, examples = {} } }) => {
      const codes = wordsOf(schema, 'code');
      return codes.length === 0 || codes.some((code) => !(code in examples));
    });
    expect(problems.length).toBeGreaterThan(operations.length);
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it.each([
    ['X-Request-Id', /./],
    ['Location', /^20[12]$/],
    ['Retry-After', /^(429|503)$/],
    ['RateLimit', /^429$/],
    ['RateLimit-Policy', /^429$/],
    ['Allow', /^405$/],
    ['WWW-Authenticate', /^40[13]$/],
  ])('describes %s of every answer that has it', (header, statuses) => {
    const lacking = answers.filter(
      ({ status, answer }) => statuses.test(status) && !(header in (answer.headers ?? {})),
    );
    expect(lacking.map(({ name }) => name)).toEqual([]);
    expect(components.headers[header]?.description).toMatch(/\S/);
  });

  it('has the headers and the answer of the limits for a caller who is counted', () => {
    const counted = answers.filter(
      ({ status, operation }) => status.startsWith('2') && operation.security?.length !== 0,
    );
    expect(counted.length).toBeGreaterThan(20);
    expect(
      counted.filter(({ answer }) => !('RateLimit' in (answer.headers ?? {}))).map(({ name }) => name),
    ).toEqual([]);
  });

  it('describes every event that the wallet can get, with its type, its headers and an example', () => {
    expect(description.openapi).toMatch(/^3\.1\./);
    expect(Object.keys(description.webhooks)).toEqual(EVENT_TYPE_NAMES);
    for (const [type, { post }] of Object.entries(description.webhooks)) {
      const { schema, examples = {} } = post.requestBody.content['application/json'] ?? { schema: {} };
      const told = Object.values(examples) as { readonly value: { readonly type: string } }[];
      expect(told.map(({ value }) => value.type)).toEqual([type]);
      expect(JSON.stringify(schema)).toContain(`"const":"${type}"`);
      expect(post.description).toMatch(/^[A-Z].*\.$/s);
      expect(post.parameters?.map(({ name }) => name)).toEqual([
        'webhook-id',
        'webhook-timestamp',
        'webhook-signature',
      ]);
    }
    expect(new Set(Object.values(description.webhooks).map(({ post }) => post.operationId)).size).toBe(
      EVENT_TYPE_NAMES.length,
    );
  });

  it('uses nothing of OpenAPI 3.0 that 3.1 does not know', () => {
    const found: string[] = [];
    const look = (part: unknown, place: string): void => {
      if (!isPart(part)) return;
      for (const [key, value] of Object.entries(part)) {
        const isOld =
          key === 'nullable' || (/^exclusive(Min|Max)imum$/.test(key) && typeof value === 'boolean');
        if (isOld) found.push(`${place}.${key}`);
        look(value, `${place}.${key}`);
      }
    };
    look(description, '');
    expect(found).toEqual([]);
  });

  it('gives every field and parameter a type, and times, ids and fractions a format', () => {
    const typed = ['type', '$ref', 'allOf', 'anyOf', 'oneOf', 'enum'];
    const found = (wrong: (name: string, schema: Part) => boolean) =>
      fields.filter(([, name, schema]) => wrong(name, schema)).map(([place]) => place);
    expect(fields.length).toBeGreaterThan(300);
    expect({
      untyped: found((_name, schema) => !typed.some((key) => key in schema)),
      fractions: found((_name, { type, format }) => type === 'number' && format !== 'double'),
      times: found((name, { type, format }) => isTime(name) && type === 'string' && format !== 'date-time'),
      ids: found(
        (name, { type, format }) => OUR_IDS.includes(name) && type === 'string' && format !== 'uuid',
      ),
    }).toEqual({ untyped: [], fractions: [], times: [], ids: [] });
  });
});
