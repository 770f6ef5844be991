import { problemsOf, type ProblemTable } from './problem-table.js';

export type PlatformProblemCode =
  | 'MALFORMED_JSON'
  | 'INVALID_REQUEST'
  | 'BAD_REQUEST'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'ROUTE_NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'REQUEST_TIMEOUT'
  | 'CONFLICT'
  | 'BODY_TOO_LARGE'
  | 'URI_TOO_LONG'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'TOO_MANY_REQUESTS'
  | 'HEADERS_TOO_LARGE'
  | 'INTERNAL_ERROR'
  | 'OVERLOADED'
  | 'SERVICE_UNAVAILABLE'
  | 'SHUTTING_DOWN';

/** What an app does about a refusal that any door may answer with. Stable: apps switch on it. */
export const PLATFORM_ACTIONS = {
  RETRY: 'Send the same request again, after the time in `Retry-After` where there is one.',
  SIGN_IN: 'Get a new token, then send the request again.',
  FIX_REQUEST: 'The request is wrong and repeating it cannot help: a fault of the app. Show the text.',
} as const;

export type PlatformAction = keyof typeof PLATFORM_ACTIONS;

/** What the app shows to its user, by message key, and what the app does. */
export const PLATFORM_ADVICE = {
  'request.faulty': {
    action: 'FIX_REQUEST',
    text: 'Something is wrong in this app. Please update it or contact customer service.',
  },
  'request.sign_in': { action: 'SIGN_IN', text: 'Please sign in again.' },
  'service.busy': {
    action: 'RETRY',
    text: 'The service is busy. Please try again in a moment.',
  },
  'service.failed': {
    action: 'RETRY',
    text: 'Something went wrong on our side. Please try again in a moment.',
  },
} as const satisfies Readonly<Record<string, { readonly action: PlatformAction; readonly text: string }>>;

export type PlatformMessageKey = keyof typeof PLATFORM_ADVICE;

/** The members of a refusal that tell an app what to do. */
export function platformAdvice(messageKey: PlatformMessageKey): {
  readonly action: PlatformAction;
  readonly messageKey: string;
} {
  return { action: PLATFORM_ADVICE[messageKey].action, messageKey };
}

const FAULTY = { extra: platformAdvice('request.faulty') };
const BUSY = { extra: platformAdvice('service.busy') };

/** The refusals every door shares. Doors have tables of their own beside this one. */
export const PLATFORM_PROBLEMS: ProblemTable<PlatformProblemCode> = {
  MALFORMED_JSON: {
    status: 400,
    title: 'Invalid JSON',
    detail: 'The body must be one JSON text in UTF-8, without duplicate or forbidden keys.',
    when: 'The body is not JSON in UTF-8, or has a key twice.',
    ...FAULTY,
  },
  INVALID_REQUEST: {
    status: 400,
    title: 'Invalid request',
    detail: 'Some fields are invalid; see `errors`.',
    when: 'Fields break their rules; `errors` names each with its rule.',
    ...FAULTY,
  },
  BAD_REQUEST: {
    status: 400,
    title: 'Bad request',
    when: 'The request cannot be read as HTTP.',
    ...FAULTY,
  },
  UNAUTHENTICATED: {
    status: 401,
    title: 'Authentication required',
    detail: 'Send a valid bearer token in the Authorization header.',
    when: 'The token is missing, unknown or no longer valid.',
    extra: platformAdvice('request.sign_in'),
  },
  FORBIDDEN: {
    status: 403,
    title: 'Forbidden',
    detail: 'The token is valid, but it does not allow this call.',
    when: 'The token has not the scope of this operation.',
    ...FAULTY,
  },
  ROUTE_NOT_FOUND: { status: 404, title: 'Not found', when: 'There is no such address.', ...FAULTY },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'Method not allowed',
    when: 'The address has no such method; `Allow` names those it has.',
    ...FAULTY,
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'Request timeout',
    when: 'The request did not arrive in time.',
    ...BUSY,
  },
  CONFLICT: {
    status: 409,
    title: 'Conflict',
    when: 'The request met another one.',
    ...BUSY,
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'Request body too large',
    when: 'The body is larger than the service reads (`BODY_LIMIT_BYTES`).',
    ...FAULTY,
  },
  URI_TOO_LONG: {
    status: 414,
    title: 'URL too long',
    when: 'A part of the path is longer than any id.',
    ...FAULTY,
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'Unsupported media type',
    detail: 'Send the body as application/json in UTF-8, without a content encoding.',
    when: 'The body is not sent as `application/json` in UTF-8, or it is compressed.',
    ...FAULTY,
  },
  TOO_MANY_REQUESTS: {
    status: 429,
    title: 'Too many requests',
    detail: 'Retry the same request after the time in Retry-After.',
    when: 'One caller asks more often than it may in a minute, or for more than is done at once.',
    ...BUSY,
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'Request headers too large',
    when: 'Address and headers together are larger than the service reads.',
    ...FAULTY,
  },
  INTERNAL_ERROR: {
    status: 500,
    title: 'Internal error',
    detail:
      'The error is logged under the requestId. Retry only operations that are documented as safe to repeat.',
    when: 'A fault of the service.',
    extra: platformAdvice('service.failed'),
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    title: 'Service unavailable',
    detail: 'Retry the same request after the time in Retry-After.',
    when: 'Something the service needs cannot be reached at the moment.',
    ...BUSY,
  },
  OVERLOADED: {
    status: 503,
    title: 'Too busy',
    detail: 'Nothing was begun. Retry the same request after the time in Retry-After.',
    when: 'As many requests of this kind are under way as one process works on.',
    ...BUSY,
  },
  SHUTTING_DOWN: {
    status: 503,
    title: 'Shutting down',
    detail: 'Retry the same request; another instance will answer it.',
    when: 'This process is leaving; the next one answers.',
    ...BUSY,
  },
};

export const platformProblem = problemsOf(PLATFORM_PROBLEMS);
