import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SettingsError } from '../config/load-settings.js';
import type { EventLog } from '../logging/event-log.js';
import { NestEventLogger } from '../logging/nest-event-logger.js';
import { writeAccessLog } from './server/access-log.js';
import { refuseWrongMethods } from './server/allowed-methods.js';
import { sendAnswerHeaders, sendSecurityHeaders } from './server/answer-headers.js';
import { refuseWhileDraining, Draining } from './draining.js';
import { BACKLOG, createHttpAdapter } from './server/http-adapter.js';
import { sendPathsBehind } from './server/public-prefix.js';
import { listenFault } from './listen-fault.js';
import { HttpSettings } from './http.settings.js';
import { Ports, type OwnUrls } from './ports.js';
import { acceptJsonBodies } from './input/json-bodies.js';
import { traceRequests } from '../tracing/request-spans.js';
import { Tracing } from '../tracing/tracing.js';

/** Builds the application, ready for `listenHttp`. The module must import `HttpModule` and provide `HttpSettings`. */
export async function createHttpApp(
  module: Type | DynamicModule,
  settings: HttpSettings,
  log: EventLog,
  tracing = Tracing.OFF,
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(module, createHttpAdapter(settings, log), {
    logger: new NestEventLogger(log),
    bodyParser: false,
    // A fault at start belongs to main, which knows how to tell it; Nest would end the process by itself.
    abortOnError: false,
  });
  // Before all other hooks, whose lines name the span.
  traceRequests(app.getHttpAdapter().getInstance(), tracing);
  prepareHttpApp(app, log);
  return app;
}

/** The part of `createHttpApp` that a test with an application of its own makes needs too. Before `app.init()`. */
function prepareHttpApp(app: NestFastifyApplication, log: EventLog): void {
  const fastify = app.getHttpAdapter().getInstance();
  const { publicPathPrefix, shutdownGraceMs: graceMs } = app.get(HttpSettings);
  const ports = app.get(Ports);
  ports.separate(fastify);
  sendAnswerHeaders(fastify);
  writeAccessLog(fastify, log);
  refuseWrongMethods(fastify, ports);
  refuseWhileDraining(fastify, app.get(Draining), { graceMs, ports });
  acceptJsonBodies(fastify);
  sendPathsBehind(publicPathPrefix, fastify, ports);
  sendSecurityHeaders(app);
}

/**
 * Starts to listen and returns the address: port 0 takes any free port.
 *
 * @throws SettingsError when the address cannot be had
 */
export async function listenHttp(
  app: NestFastifyApplication,
  settings: Pick<HttpSettings, 'host' | 'port'>,
): Promise<string> {
  try {
    await app.listen({ port: settings.port, host: settings.host, backlog: BACKLOG });
  } catch (error) {
    const fault = listenFault(error, settings);
    throw fault ? new SettingsError([fault], { cause: error }) : error;
  }
  return app.getUrl();
}

/**
 * Starts to listen at the ports that are set beside that of `listenHttp`, and returns their addresses.
 *
 * @throws SettingsError when one cannot be had
 */
export function listenAtOwnPorts(app: NestFastifyApplication): Promise<OwnUrls> {
  return app.get(Ports).listen(app.getHttpAdapter().getInstance());
}

/** The management port goes last: what the stop does can be watched there until it is done. */
export async function closeHttpApp(app: NestFastifyApplication): Promise<void> {
  try {
    await app.close();
  } finally {
    await app.get(Ports).closeManagement();
  }
}
