import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { ConsoleSettings } from './operations/console/console.settings.js';
import { serveConsole } from './operations/console/serve-console.js';
import type { LoadedSettings } from './platform/config/load-settings.js';
import { RuntimeSettings } from './platform/config/runtime.settings.js';
import { Database } from './platform/database/database.js';
import { HealthProbes } from './platform/health/health-probes.js';
import { serveApiDocs } from './platform/http/api-docs.js';
import { createHttpApp, listenHttp } from './platform/http/create-http-app.js';
import { HttpSettings } from './platform/http/http.settings.js';
import type { EventLog } from './platform/logging/event-log.js';
import { WorkQueues } from './platform/queues/work-queues.js';
import { Steps } from './sweep/steps.js';
import { SweeperService } from './sweep/sweeper.service.js';

/** Written by `npm run openapi`; the build puts a copy beside the compiled code. */
const API_DESCRIPTION = new URL('../docs/openapi.json', import.meta.url);

export interface RunningService {
  readonly app: NestFastifyApplication;
  readonly url: string;
  stop(): Promise<void>;
}

/** Builds the application for its role, listens, and in a worker begins to take work. */
export async function startService(settings: LoadedSettings, log: EventLog): Promise<RunningService> {
  const http = settings.get(HttpSettings);
  const { role } = settings.get(RuntimeSettings);
  const app = await createHttpApp(AppModule.forRole(settings, log), http, log);
  try {
    registerProbes(app);
    if (role !== 'worker') {
      await serveApiDocs(app, API_DESCRIPTION);
      if (settings.get(ConsoleSettings).isServed) await serveConsole(app);
    }
    const url = await listenHttp(app, http);
    if (role !== 'api') startWork(app);
    log.event('service.ready', { role, url });
    return { app, url, stop: () => app.close() };
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** Without its records this process can do nothing; without the queues it is slower. */
function registerProbes(app: NestFastifyApplication): void {
  const probes = app.get(HealthProbes);
  const database = app.get(Database);
  const { backend } = app.get(WorkQueues);
  probes.register({
    name: 'database',
    required: true,
    check: async () => {
      await database.run({ name: 'health', text: 'select 1' }, []);
    },
  });
  probes.register({ name: 'queues', required: false, check: () => backend.ping() });
}

function startWork(app: NestFastifyApplication): void {
  const queues = app.get(WorkQueues);
  for (const work of app.get(Steps).all()) queues.start(work);
  app.get(SweeperService).start();
}
