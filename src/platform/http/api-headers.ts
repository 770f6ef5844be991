/** Headers of answers, for the API description. */
export const API_HEADERS = {
  Location: {
    description: 'Where the answer is found from now on; a path of this service.',
    schema: { type: 'string' },
  },
  'Retry-After': {
    description: 'After how many seconds to ask again.',
    schema: { type: 'integer', minimum: 1 },
  },
  'X-Request-Id': {
    description:
      "The caller's own `X-Request-Id` when it was a sane one, else a new one. The log has it too.",
    schema: { type: 'string' },
  },
  RateLimit: {
    description:
      'How many calls this caller has left (`r`) and for how many seconds (`t`), as draft-ietf-httpapi-ratelimit-headers writes it; absent where there is no limit.',
    schema: { type: 'string' },
    example: '"token";r=5999;t=60',
  },
  'RateLimit-Policy': {
    description: 'The limit (`q`) and its window in seconds (`w`); absent where there is no limit.',
    schema: { type: 'string' },
    example: '"token";q=6000;w=60',
  },
  Allow: { description: 'The methods that the address has.', schema: { type: 'string' } },
  'WWW-Authenticate': {
    description: 'Which token is wanted, and what is wrong with the one that came (RFC 6750).',
    schema: { type: 'string' },
  },
} as const;

export type ApiHeader = keyof typeof API_HEADERS;

/** For `@ApiResponse({ headers: apiHeaders('Location') })`. */
export function apiHeaders(...names: readonly ApiHeader[]): Record<string, { readonly $ref: string }> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
