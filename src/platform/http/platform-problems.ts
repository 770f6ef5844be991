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
  | 'SERVICE_UNAVAILABLE'
  | 'SHUTTING_DOWN';

/** The refusals every door shares. Doors have tables of their own beside this one. */
export const PLATFORM_PROBLEMS: ProblemTable<PlatformProblemCode> = {
  MALFORMED_JSON: {
    status: 400,
    title: 'The body is not acceptable JSON',
    detail: 'The body must be one JSON text in UTF-8, without duplicate or forbidden keys.',
  },
  INVALID_REQUEST: {
    status: 400,
    title: 'The request has invalid fields',
    detail: 'Each field named in errors breaks the rule beside it.',
  },
  BAD_REQUEST: { status: 400, title: 'The request cannot be understood' },
  UNAUTHENTICATED: {
    status: 401,
    title: 'Who is calling is not known',
    detail: 'Send a valid bearer token in the Authorization header.',
  },
  FORBIDDEN: {
    status: 403,
    title: 'The caller may not do this',
    detail: 'The token is valid, but it does not allow this call.',
  },
  ROUTE_NOT_FOUND: { status: 404, title: 'There is nothing at this address' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This address does not take this method' },
  REQUEST_TIMEOUT: { status: 408, title: 'The request took too long to arrive' },
  CONFLICT: { status: 409, title: 'The request conflicts with the present state' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  URI_TOO_LONG: { status: 414, title: 'The address is too long' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'The body is of a type that is not read here',
    detail: 'Send the body as application/json in UTF-8, without a content encoding.',
  },
  TOO_MANY_REQUESTS: { status: 429, title: 'There were too many requests' },
  HEADERS_TOO_LARGE: { status: 431, title: 'The headers are too large' },
  INTERNAL_ERROR: {
    status: 500,
    title: 'Something went wrong on our side',
    detail: 'The fault is recorded under the requestId. Repeating the same request is safe where it says so.',
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    title: 'The service cannot answer right now',
    detail: 'Repeat the same request after the time in Retry-After.',
  },
  SHUTTING_DOWN: {
    status: 503,
    title: 'This instance is stopping',
    detail: 'Repeat the same request; another instance will answer it.',
  },
};

export const platformProblem = problemsOf(PLATFORM_PROBLEMS);
