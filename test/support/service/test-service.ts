import { EventLog } from '../../../src/platform/logging/event-log.js';
import type { LogLevelName } from '../../../src/platform/logging/logging.settings.js';
import { readSettings } from '../../../src/settings.js';
import { startService, type RunningService } from '../../../src/start-service.js';
import { ApiClient } from './api-client.js';
import { prepareTestGround, type TestGround, type TestGroundOptions } from './test-ground.js';

export interface TestService extends TestGround {
  readonly url: string;
  readonly service: RunningService;
  /** Every line of the log so far. */
  readonly log: readonly string[];
  /** A wallet app. */
  readonly app: ApiClient;
  readonly operator: ApiClient;
  /** An operator who may read messages too. */
  readonly auditor: ApiClient;
}

export interface TestServiceOptions extends TestGroundOptions {
  /** By itself every line of the level info arrives. */
  readonly logging?: { readonly level: LogLevelName; readonly handOn?: () => boolean };
}

/** The real service in this process, on a database of its own, with a twin of its own; everything over HTTP. */
export async function startTestService(options: TestServiceOptions = {}): Promise<TestService> {
  const ground = await prepareTestGround(options);
  const log: string[] = [];
  const { level = 'info', handOn } = options.logging ?? {};
  const service = await Promise.resolve()
    .then(() =>
      startService(
        readSettings(ground.environment),
        new EventLog({ level }, { write: (line) => void log.push(line), ...(handOn && { handOn }) }),
      ),
    )
    .catch(async (error: unknown) => {
      await ground.stop();
      throw error;
    });
  return {
    ...ground,
    url: service.url,
    service,
    log,
    app: new ApiClient(service.url, ground.tokens.walletApp),
    operator: new ApiClient(service.url, ground.tokens.operator),
    auditor: new ApiClient(service.url, ground.tokens.auditor),
    stop: async () => {
      await service.stop();
      await ground.stop();
    },
  };
}
