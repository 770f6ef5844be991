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
    title: 'Invalid JSON',
    detail: 'The body must be one JSON text in UTF-8, without duplicate or forbidden keys.',
  },
  INVALID_REQUEST: {
    status: 400,
    title: 'Invalid request',
    detail: 'Some fields are invalid; see `errors`.',
  },
  BAD_REQUEST: { status: 400, title: 'Bad request' },
  UNAUTHENTICATED: {
    status: 401,
    title: 'Authentication required',
    detail: 'Send a valid bearer token in the Authorization header.',
  },
  FORBIDDEN: {
    status: 403,
    title: 'Forbidden',
    detail: 'The token is valid, but it does not allow this call.',
  },
  ROUTE_NOT_FOUND: { status: 404, title: 'Not found' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'Method not allowed' },
  REQUEST_TIMEOUT: { status: 408, title: 'Request timeout' },
  CONFLICT: { status: 409, title: 'Conflict' },
  BODY_TOO_LARGE: { status: 413, title: 'Request body too large' },
  URI_TOO_LONG: { status: 414, title: 'URL too long' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'Unsupported media type',
    detail: 'Send the body as application/json in UTF-8, without a content encoding.',
  },
  TOO_MANY_REQUESTS: { status: 429, title: 'Too many requests' },
  HEADERS_TOO_LARGE: { status: 431, title: 'Request headers too large' },
  INTERNAL_ERROR: {
    status: 500,
    title: 'Internal error',
    detail:
      'The error is logged under the requestId. Retry only operations that are documented as safe to repeat.',
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    title: 'Service unavailable',
    detail: 'Retry the same request after the time in Retry-After.',
  },
  SHUTTING_DOWN: {
    status: 503,
    title: 'Shutting down',
    detail: 'Retry the same request; another instance will answer it.',
  },
};

export const platformProblem = problemsOf(PLATFORM_PROBLEMS);
