import type { JSX } from 'preact';
import { usePageView } from './page-view.js';
import type { FastifyRequest } from 'fastify';

/** The CSRF token; every form that changes something needs it. */
export function CsrfField(): JSX.Element {
  return <input type="hidden" name="csrf" value={usePageView().csrfToken} />;
}

/** One field of a posted form; the empty text when it is absent or was sent twice. */
export function formText({ body }: FastifyRequest, name: string): string {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return '';
  const value: unknown = Reflect.get(body, name);
  return typeof value === 'string' ? value : '';
}

/** All fields of one name, such as ticked boxes. */
export function formTexts({ body }: FastifyRequest, name: string): string[] {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return [];
  const values: unknown[] = [Reflect.get(body, name)].flat();
  return values.filter((value) => typeof value === 'string');
}
