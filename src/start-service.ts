import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { KeyReloads } from './alipay-plus/signature/key-reloads.js';
import { AppModule } from './app.module.js';
import { ConsoleSettings } from './operations/console/console.settings.js';
import { serveConsole } from './operations/console/serve-console.js';
import type { LoadedSettings } from './platform/config/load-settings.js';
import { RuntimeSettings } from './platform/config/runtime.settings.js';
import { serveApiDocs } from './platform/http/api-docs.js';
import {
  closeHttpApp,
  createHttpApp,
  listenAtOwnPorts,
  listenHttp,
} from './platform/http/create-http-app.js';
import { compressAnswers } from './platform/http/server/compression.js';
import { HttpSettings } from './platform/http/http.settings.js';
import type { OwnUrls } from './platform/http/ports.js';
import { ScansSettings } from './payments/scans/scans.settings.js';
import { guardDoors } from './platform/limits/guard-doors.js';
import { Metrics } from './platform/metrics/metrics.js';
import { risksOf } from './production-rules.js';
import type { EventLog } from './platform/logging/event-log.js';
import { NestEventLogger } from './platform/logging/nest-event-logger.js';
import { Tracing } from './platform/tracing/tracing.js';

/** Written by `npm run openapi`; the build puts a copy beside the compiled code. */
const SERVICE_INFO = {
  name: 'service_info',
  help: 'Always 1: a process of the service is up, by its role (api, worker, all).',
  labels: ['role'],
} as const;
const API_DESCRIPTION = new URL('../docs/openapi.json', import.meta.url);

/** Where answers may be compressed; `docs/adr/0026-compressed-answers.md` says why only there. */
const COMPRESSED = ['/v1/', '/docs', '/openapi.json', '/console'];

/** What the close of an application that could not start may take. */
const CLOSE_MS = 10_000;

export interface RunningService extends OwnUrls {
  readonly app: NestFastifyApplication;
  readonly url: string;
  stop(): Promise<void>;
  /** Reads the keys of both sides again; faulty ones are not taken. */
  reloadKeys(cause: string): void;
}

/**
 * Builds the application for its role, in a worker begins to take work, and listens.
 *
 * @param stopAsked once it is aborted nothing more is started, and what was is stopped
 */
export async function startService(
  settings: LoadedSettings,
  log: EventLog,
  stopAsked?: AbortSignal,
  tracing = Tracing.OFF,
): Promise<RunningService> {
  const http = settings.get(HttpSettings);
  const { role } = settings.get(RuntimeSettings);
  const app = await createHttpApp(AppModule.forRole(settings, log, tracing), http, log, tracing);
  try {
    stopAsked?.throwIfAborted();
    if (role !== 'worker') {
      guardDoors(app, settings.get(ScansSettings).scansAtOnce);
      await compressAnswers(app, COMPRESSED);
      await serveApiDocs(app, API_DESCRIPTION);
      if (settings.get(ConsoleSettings).isServed) await serveConsole(app);
    }
    app.get(Metrics).gauge(SERVICE_INFO).set({ role }, 1);
    for (const risk of risksOf(settings)) log.warn('settings.risk', { ...risk });
    const url = await listenHttp(app, http);
    const ownUrls = await listenAtOwnPorts(app);
    stopAsked?.throwIfAborted();
    log.event('service.ready', { role, url, ...ownUrls });
    const reloads = app.get(KeyReloads);
    return {
      app,
      url,
      ...ownUrls,
      stop: () => stopService(app, log),
      reloadKeys: (cause) => void reloads.readAgain(cause),
    };
  } catch (error) {
    await closeAfter(error, app, log);
    throw error;
  }
}

/**
 * Nest logs what a hook of the stop throws and goes on to the next one; that the stop failed is reported at its end.
 *
 * @throws what a hook threw, several in one AggregateError
 */
async function stopService(app: NestFastifyApplication, log: EventLog): Promise<void> {
  const failures: unknown[] = [];
  app.useLogger(new NestEventLogger(log, failures));
  await closeHttpApp(app);
  const [failure, ...others] = failures;
  if (others.length > 0) throw new AggregateError(failures);
  if (failure !== undefined) throw failure;
}

/** The reason of the failure must not be lost to a second one, nor wait for a close that hangs. */
async function closeAfter(reason: unknown, app: NestFastifyApplication, log: EventLog): Promise<void> {
  const closing = closeHttpApp(app).catch((error: unknown) => {
    if (error !== reason) log.error('service.stop_failed', { alarm: true }, error);
  });
  await Promise.race([closing, sleep(CLOSE_MS, undefined, { ref: false })]);
}
