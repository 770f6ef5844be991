import formbody from '@fastify/formbody';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RuntimeSettings } from '../../platform/config/runtime.settings.js';
import { HttpSettings } from '../../platform/http/http.settings.js';
import { NO_COMPRESSION } from '../../platform/http/server/compression.js';
import { EventLog } from '../../platform/logging/event-log.js';
import { answerProblems } from './answer-problems.js';
import { serveAssets } from './assets.js';
import { CONSOLE_PAGES } from './console.module.js';
import { ConsoleSettings } from './console.settings.js';
import { OperatorSession } from './session/operator-session.js';
import { sessionKeys } from './session/session-keys.js';
import { registerSessions, type SessionRules } from './session/session-plugins.js';
import { signInGate } from './session/sign-in-gate.js';

const LONGEST_FORM_BYTES = 16_384;

/** Only our own scripts, styles and pictures; forms post only to us; no page may be shown in a frame. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/**
 * Serves the console below /console, as a part of the server with cookies, forms, errors and headers of its own:
 * nothing of it, and above all no cookie, has a meaning for the API. To be called before `app.init()`.
 */
export async function serveConsole(app: NestFastifyApplication): Promise<void> {
  const log = app.get(EventLog);
  const rules = sessionRules(app);
  const gate = signInGate(app.get(OperatorSession));
  await app.register(
    async (fastify: FastifyInstance) => {
      sendHeaders(fastify);
      compressOnlyOwnWords(fastify);
      answerProblems(fastify, log);
      fastify.removeAllContentTypeParsers();
      await fastify.register(formbody, { bodyLimit: LONGEST_FORM_BYTES });
      await registerSessions(fastify, rules);
      fastify.addHook('onRequest', gate);
      serveAssets(fastify);
      for (const pages of CONSOLE_PAGES) app.get(pages).serve(fastify);
    },
    { prefix: '/console' },
  );
}

function sessionRules(app: NestFastifyApplication): SessionRules {
  const { sessionSecretFile, idleMinutes } = app.get(ConsoleSettings);
  const { isProduction } = app.get(RuntimeSettings);
  const { host, publicPathPrefix } = app.get(HttpSettings);
  const isHereOnly = ['127.0.0.1', '::1', 'localhost'].includes(host);
  const isSecure = isProduction || !isHereOnly;
  const keys = sessionKeys(sessionSecretFile);
  const attemptKeys = sessionKeys(sessionSecretFile, 'sign-in');
  return { keys, attemptKeys, idleMinutes, isSecure, publicPathPrefix };
}

function sendHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header('content-security-policy', CONTENT_SECURITY_POLICY);
    done();
  });
}

/**
 * A page repeats its address. Somebody who chooses the address and measures the length of the compressed page could
 * guess its other content letter by letter (BREACH). So a page that holds text of its address is compressed only after
 * a click or a form of the operator on one of our pages, never after a link elsewhere, a script or a refresh.
 */
function compressOnlyOwnWords(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (repeatsItsAddress(request) && !isOperatorsStep(request)) request.headers[NO_COMPRESSION] = 'address';
    done();
  });
}

function repeatsItsAddress({ url, is404, routeOptions }: FastifyRequest): boolean {
  const isFile = routeOptions.url?.startsWith('/console/assets/') === true;
  return is404 || (url.includes('?') && !isFile);
}

function isOperatorsStep({ headers }: FastifyRequest): boolean {
  return headers['sec-fetch-site'] === 'same-origin' && headers['sec-fetch-user'] === '?1';
}
