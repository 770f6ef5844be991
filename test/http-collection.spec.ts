import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

interface Described {
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
  }[];
  readonly requestBody?: object;
  readonly security?: readonly object[];
}

const DESCRIPTION = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
}; // our own file
const ajv = addFormats.default(new Ajv({ strict: false })).addSchema(DESCRIPTION, 'openapi');

interface HttpRequest {
  readonly file: string;
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: readonly string[];
  readonly body: string;
}

/** The requests of a file that VS Code's REST client and IntelliJ can run. */
function requestsOf(file: string): HttpRequest[] {
  const [head = '', ...parts] = readFileSync(`http/${file}`, 'utf8').split(/^### /m);
  const variables = new Map([...head.matchAll(/^@(\w+) = (.+)$/gm)].map(([, name, value]) => [name, value]));
  return parts.map((part) => {
    const text = part.replaceAll(/\{\{(\w+)\}\}/g, (_all, name: string) => {
      const value = variables.get(name);
      if (value === undefined) throw new Error(`${file}: ${name} has no value`);
      return value;
    });
    const [title = '', ...lines] = text.split('\n').filter((line) => !line.startsWith('#'));
    const [request = '', ...rest] = lines;
    const [method = '', address = ''] = request.split(' ');
    const { pathname, searchParams } = new URL(address);
    const end = rest.indexOf('');
    const headers = rest.slice(0, end === -1 ? undefined : end);
    const body = end === -1 ? '' : rest.slice(end).join('\n').trim();
    return { file, title, method, path: pathname, query: searchParams, headers, body };
  });
}

const REQUESTS = readdirSync('http')
  .filter((file) => file.endsWith('.http'))
  .flatMap(requestsOf);

/** A path without a parameter is the better match. */
function described({
  path,
  method,
}: HttpRequest): { readonly pointer: string; readonly operation: Described } | undefined {
  const paths = Object.keys(DESCRIPTION.paths).toSorted(
    (one, other) => one.split('{').length - other.split('{').length,
  );
  const found = paths.find((known) =>
    new RegExp(`^${known.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  const operation = found === undefined ? undefined : DESCRIPTION.paths[found]?.[method.toLowerCase()];
  if (found === undefined || operation === undefined) return undefined;
  const steps = [
    'paths',
    found,
    method.toLowerCase(),
    'requestBody',
    'content',
    'application/json',
    'schema',
  ];
  const escaped = steps.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1')));
  return { pointer: `openapi#/${escaped.join('/')}`, operation };
}

describe('the request collection in http/', () => {
  test('has a request for every operation of an app, and none that is not described', () => {
    expect(REQUESTS.filter((request) => described(request) === undefined)).toEqual([]);
    const asked = REQUESTS.map((request) => described(request)?.operation.operationId);
    const ofAnApp = Object.entries(DESCRIPTION.paths)
      .filter(([path]) => !path.startsWith('/v1/operations/'))
      .flatMap(([, operations]) => Object.values(operations).map(({ operationId }) => operationId));
    expect(ofAnApp).toContain('createScan');
    expect(ofAnApp.filter((operationId) => !asked.includes(operationId))).toEqual([]);
  });

  test.each(REQUESTS.map((request) => [`${request.file}: ${request.title}`, request] as const))(
    'is as described: %s',
    (_title, request) => {
      const { operation, pointer } = described(request) ?? { operation: undefined, pointer: '' };
      const queries = (operation?.parameters ?? []).filter((parameter) => parameter.in === 'query');
      const names = queries.map(({ name }) => name);
      expect([...request.query.keys()].filter((name) => !names.includes(name))).toEqual([]);
      expect(queries.filter(({ name, required }) => required === true && !request.query.has(name))).toEqual(
        [],
      );
      const isOpen = operation?.security?.length === 0;
      expect(request.headers.some((header) => header.startsWith('Authorization: Bearer '))).toBe(!isOpen);
      if (operation?.requestBody === undefined) {
        expect(request.body).toBe('');
        return;
      }
      expect(request.headers).toContain('Content-Type: application/json');
      const isValid = ajv.getSchema(pointer) ?? ajv.compile({ $ref: pointer });
      expect(isValid(JSON.parse(request.body))).toBe(true);
      expect(isValid.errors ?? []).toEqual([]);
    },
  );
});
