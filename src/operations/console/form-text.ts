import type { FastifyRequest } from 'fastify';

/** One field of a posted form; the empty text when it is absent or was sent twice. */
export function formText({ body }: FastifyRequest, name: string): string {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return '';
  const value: unknown = Reflect.get(body, name);
  return typeof value === 'string' ? value : '';
}
