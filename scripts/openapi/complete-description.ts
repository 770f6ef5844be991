import type { OpenAPIObject } from '@nestjs/swagger';
import { API_HEADERS, apiHeaders, type ApiHeader } from '../../src/platform/http/api-headers.js';
import {
  PROBLEMS_MARK,
  type DescribedProblem,
  type MarkedProblems,
} from '../../src/platform/http/api-problems.js';
import { PLATFORM_PROBLEMS, type PlatformProblemCode } from '../../src/platform/http/platform-problems.js';
import { problemBody, PROBLEM_MEDIA_TYPE } from '../../src/platform/http/problem.js';
import { ANSWER_EXAMPLES, REQUEST_EXAMPLES } from './examples.js';

/** The parts of an operation that are completed here. */
interface Operation {
  readonly operationId: string;
  security?: readonly object[];
  readonly parameters?: Parameter[];
  readonly requestBody?: { readonly content: Record<string, Content> };
  responses: Record<string, Answer>;
}
interface Parameter {
  readonly in: string;
  readonly name: string;
  description?: string;
  schema?: object;
}
interface Content {
  schema?: object;
  examples?: Record<string, object>;
  [PROBLEMS_MARK]?: MarkedProblems;
}
interface Answer {
  description?: string;
  headers?: Record<string, object>;
  content?: Record<string, Content>;
  $ref?: string;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const PROBLEM_DTO = { $ref: '#/components/schemas/ProblemDto' };
const OTHERS = 'OtherRefusal';

/** Adds to each operation the answers of the platform, the headers, and examples; changes the document in place. */
export function completeDescription(document: OpenAPIObject): void {
  const shared: Record<string, Answer> = { [OTHERS]: otherRefusals() };
  for (const item of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method] as Operation | undefined; // the library's type has no extensions
      if (operation) complete(operation, method, shared);
    }
  }
  document.components = { ...document.components };
  Object.assign(document.components, { headers: API_HEADERS, responses: shared });
}

function complete(operation: Operation, method: string, shared: Record<string, Answer>): void {
  for (const parameter of operation.parameters ?? []) {
    if (parameter.in === 'path') describePathParameter(parameter);
  }
  const rows = platformRows(operation, method);
  // Set for every operation: absent could also mean forgotten.
  operation.security ??= [];
  const statuses = new Set([
    ...Object.keys(operation.responses),
    ...rows.map(({ status }) => String(status)),
  ]);
  const answers = [...statuses].toSorted().map((status): [string, Answer] => {
    const ofPlatform = rows.filter((row) => String(row.status) === status);
    const answer = completed(operation.responses[status], ofPlatform, shared);
    const isCounted = operation.security?.length !== 0 && status.startsWith('2');
    return [status, isCounted ? withHeaders(answer, LIMIT_HEADERS) : answer];
  });
  operation.responses = {
    ...Object.fromEntries(answers),
    default: { $ref: `#/components/responses/${OTHERS}` },
  };
  addExamples(operation);
}

/** A path parameter means the same in all addresses. */
const PATH_PARAMETERS: Readonly<Record<string, string>> = {
  scanId: 'Our id of the scan.',
  paymentId: 'Our id of the payment.',
  eventId: 'Our id of the event, which its `webhook-id` is.',
  approvalId: 'Our id of the approval.',
  act: 'What the operator does.',
  queue: 'The name of the queue.',
};

function describePathParameter(parameter: Parameter): void {
  const description = PATH_PARAMETERS[parameter.name];
  if (description === undefined) throw new Error(`no description is known for {${parameter.name}}`);
  parameter.description = description;
  if (parameter.name.endsWith('Id')) {
    parameter.schema = { ...parameter.schema, type: 'string', format: 'uuid' };
  }
}

/** The answers that the platform may give before, around and after the code of the door. */
function platformRows({ security, parameters = [] }: Operation, method: string): DescribedProblem[] {
  const codes: PlatformProblemCode[] = ['BAD_REQUEST', 'METHOD_NOT_ALLOWED', 'REQUEST_TIMEOUT'];
  codes.push('HEADERS_TOO_LARGE', 'INTERNAL_ERROR', 'SERVICE_UNAVAILABLE', 'SHUTTING_DOWN');
  if (security) codes.push('UNAUTHENTICATED', 'FORBIDDEN', 'TOO_MANY_REQUESTS');
  if (method !== 'get') codes.push('MALFORMED_JSON', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE');
  if (parameters.some((parameter) => parameter.in === 'path')) codes.push('URI_TOO_LONG');
  return codes.map(rowOf);
}

function rowOf(code: PlatformProblemCode): DescribedProblem {
  return { code, ...PLATFORM_PROBLEMS[code] };
}

function completed(
  own: Answer | undefined,
  ofPlatform: readonly DescribedProblem[],
  shared: Record<string, Answer>,
): Answer {
  const marked = own?.content?.[PROBLEM_MEDIA_TYPE];
  const mark = marked?.[PROBLEMS_MARK];
  if (own && ofPlatform.length === 0 && !mark) return withHeaders(own, []);
  const known = new Set(mark?.rows.map(({ code }) => code));
  const rows = [...(mark?.rows ?? []), ...ofPlatform.filter(({ code }) => !known.has(code))];
  const answer = refusal(rows, marked?.schema ?? PROBLEM_DTO, mark?.open);
  if (!own) return sharedAnswer(answer, rows, shared);
  return mark ? answer : besides(own, answer);
}

/** A failing probe answers with its own schema, and a stopping process as at every door. */
function besides(own: Answer, answer: Answer): Answer {
  const description = `${own.description ?? ''} Or:\n${answer.description ?? ''}`;
  return { ...answer, description, content: { ...own.content, ...answer.content } };
}

/** An answer that many operations share word for word is put into the components, named after its title. */
function sharedAnswer(
  answer: Answer,
  rows: readonly DescribedProblem[],
  shared: Record<string, Answer>,
): Answer {
  if (rows[0]?.status === 400) return answer;
  const name = (rows[0]?.title ?? '').replaceAll(/(?:^| )(\w)/g, (_, letter: string) => letter.toUpperCase());
  shared[name] = answer;
  return { $ref: `#/components/responses/${name}` };
}

function refusal(rows: readonly DescribedProblem[], schema: object, open?: string): Answer {
  const status = rows[0]?.status ?? 0;
  const lines = rows.map(({ code, when }) => `- \`${code}\`: ${when}`);
  const description = [...lines, ...(open === undefined ? [] : [`- ${open}`])].join('\n');
  const content = { schema: narrowed(rows, schema, open), examples: examplesOf(rows) };
  return withHeaders({ description, content: { [PROBLEM_MEDIA_TYPE]: content } }, HEADERS_OF[status] ?? []);
}

/** In every answer to a counted caller; described at each of them, where readers look. */
const LIMIT_HEADERS: readonly ApiHeader[] = ['RateLimit', 'RateLimit-Policy'];

const HEADERS_OF: Readonly<Record<number, readonly ApiHeader[]>> = {
  401: ['WWW-Authenticate'],
  403: ['WWW-Authenticate'],
  405: ['Allow'],
  429: ['Retry-After', ...LIMIT_HEADERS],
  503: ['Retry-After'],
};

function withHeaders(answer: Answer, names: readonly ApiHeader[]): Answer {
  return { ...answer, headers: { ...apiHeaders('X-Request-Id', ...names), ...answer.headers } };
}

/** The problem, with the codes, actions and message keys that are possible here. */
function narrowed(rows: readonly DescribedProblem[], schema: object, open?: string): object {
  const codes = { type: 'string', enum: rows.map(({ code }) => code) };
  const other = { type: 'string', description: open };
  const extras = rows.flatMap(({ extra }) => (extra ? [extra] : []));
  const actions = rows.flatMap(({ extra, otherActions = [] }) => [
    ...(extra ? [extra.action] : []),
    ...otherActions,
  ]);
  const words = (list: readonly string[]) => ({ type: 'string', enum: [...new Set(list)] });
  const properties = {
    code: open === undefined ? codes : { anyOf: [codes, other] },
    ...(extras.length > 0 && { action: words(actions) }),
    // The text of a state may have more keys than there are codes.
    ...(extras.length > 0 && { messageKey: { type: 'string', description: keysText(extras) } }),
  };
  return { allOf: [schema, { type: 'object', properties }] };
}

function keysText(extras: readonly { readonly messageKey: string }[]): string {
  return `Such as ${[...new Set(extras.map(({ messageKey }) => `\`${messageKey}\``))].join(', ')}.`;
}

const REQUEST_ID = '01a229f7-5fa5-7548-91f2-c19b5a50f771';

function examplesOf(rows: readonly DescribedProblem[]): Record<string, object> {
  return Object.fromEntries(
    rows.map(({ code, when, otherActions: _others, ...text }) => {
      const errors = code === 'INVALID_REQUEST' && {
        errors: [{ field: 'customerId', rule: 'is required' }],
      };
      return [
        code,
        { summary: when, value: problemBody({ code, ...text, ...errors }, { requestId: REQUEST_ID }) },
      ];
    }),
  );
}

function otherRefusals(): Answer {
  const rows = (['ROUTE_NOT_FOUND', 'CONFLICT'] as const).map(rowOf);
  const answer = refusal(rows, PROBLEM_DTO, 'a code of a later version');
  return { ...answer, description: `Any other refusal.\n${answer.description ?? ''}` };
}

function addExamples({ operationId, requestBody, responses }: Operation): void {
  const sent = REQUEST_EXAMPLES[operationId];
  for (const content of Object.values(requestBody?.content ?? {})) {
    if (sent) content.examples = sent;
  }
  for (const [status, answer] of Object.entries(responses)) {
    const received = ANSWER_EXAMPLES[operationId]?.[status];
    const content = answer.content?.['application/json'] ?? answer.content?.['text/csv'];
    if (received && content) content.examples = received;
  }
}
