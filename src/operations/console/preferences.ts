import type { FastifyReply, FastifyRequest } from 'fastify';
import { THEMES, type Theme } from './parts/page-view.js';

const COOKIE = 'console-preferences';
const ONE_YEAR_SECONDS = 365 * 86_400;

export interface Preferences {
  readonly zone: string;
  readonly theme: Theme;
}

/** The display preferences of this operator, kept in their browser. */
export function preferencesOf({ cookies }: FastifyRequest): Preferences {
  const [theme = '', zone = ''] = (cookies[COOKIE] ?? '').split(' ');
  return { zone: isZone(zone) ? zone : 'UTC', theme: themeOf(theme) };
}

/** @param publicPathPrefix the prefix that a proxy removes from our paths; the browser's paths have it */
export function keepPreferences(
  reply: FastifyReply,
  publicPathPrefix: string,
  { zone, theme }: Preferences,
): void {
  reply.setCookie(COOKIE, `${theme} ${zone}`, {
    path: `${publicPathPrefix}/console`,
    httpOnly: true,
    sameSite: 'strict',
    maxAge: ONE_YEAR_SECONDS,
  });
}

const zones = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);

export function isZone(zone: string): boolean {
  return zones.has(zone);
}

export function allZones(): readonly string[] {
  return [...zones];
}

export function themeOf(text: string): Theme {
  return THEMES.find((theme) => theme === text) ?? 'system';
}
