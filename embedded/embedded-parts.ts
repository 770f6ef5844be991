import { join, resolve } from 'node:path';
import { AlipayPlusSettings } from '../src/alipay-plus/alipay-plus.settings.js';
import { ConsoleSettings } from '../src/operations/console/console.settings.js';
import { missingParts } from '../src/missing-parts.js';
import type { Environment, LoadedSettings } from '../src/platform/config/load-settings.js';
import { RuntimeSettings } from '../src/platform/config/runtime.settings.js';
import { HttpSettings } from '../src/platform/http/http.settings.js';
import type { EventLog } from '../src/platform/logging/event-log.js';
import { SealingSettings } from '../src/platform/sealing/sealing.settings.js';
import { banner, type BannerFacts } from './banner.js';
import { makeDataFolder } from './data-folder.js';
import { freePort } from './postgres/free-port.js';
import { startEmbeddedPostgres } from './postgres/start-embedded-postgres.js';
import { throwawayKeys } from './throwaway-keys.js';
import { throwawayDataKeys, throwawaySessionSecret } from './throwaway-secret-files.js';
import { throwawayTokens, type ThrowawayTokens } from './throwaway-tokens.js';
import { startTwinProcess } from './twin-process.js';

/** The parts that were started because their settings are missing. */
export interface EmbeddedParts {
  /** The settings that point the service at them. */
  readonly environment: Environment;
  readonly tokens?: ThrowawayTokens;
  /** The text to print once the service listens there. */
  banner(at: Pick<BannerFacts, 'url' | 'managementUrl'>, settings: LoadedSettings): string;
  stop(): Promise<void>;
}

interface Part {
  readonly line: string;
  readonly environment: Environment;
  readonly tokens?: ThrowawayTokens;
  stop?(): Promise<void>;
}

/**
 * Starts every part that has no settings; each is decided by itself.
 *
 * @param disposable whether the database is deleted when it stops
 * @param stopAsked aborted: nothing more is started, and the started parts are stopped
 */
export async function startEmbeddedParts(
  settings: LoadedSettings,
  environment: Environment,
  log: EventLog,
  { disposable = false, stopAsked }: Partial<StartOptions> = {},
): Promise<EmbeddedParts> {
  const parts: Part[] = [];
  const stop = async (): Promise<void> => {
    for (const part of parts.splice(0).reverse()) await part.stop?.();
  };
  try {
    for await (const part of startInOrder(settings, environment, log, { disposable, stopAsked })) {
      parts.push(part);
      stopAsked?.throwIfAborted();
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const missing = missingParts(settings);
  const started = parts.map((part) => part.line).filter((line) => line !== '');
  const made = parts.find((part) => part.tokens)?.tokens;
  return {
    environment: Object.assign({}, ...parts.map((part) => part.environment)) as Environment, // each part's is one
    ...(made === undefined ? {} : { tokens: made }),
    banner: ({ url, managementUrl }, complete) =>
      banner({ started, tokens: made, hasTwin: missing.has('twin'), url, managementUrl }, complete),
    stop,
  };
}

interface StartOptions {
  readonly disposable: boolean;
  readonly stopAsked: AbortSignal | undefined;
}

async function* startInOrder(
  settings: LoadedSettings,
  environment: Environment,
  log: EventLog,
  { disposable, stopAsked }: StartOptions,
): AsyncGenerator<Part> {
  const directory = resolve(settings.get(RuntimeSettings).dataDir);
  await makeDataFolder(directory);
  const missing = missingParts(settings);
  if (missing.has('postgres')) {
    yield postgres(directory, log, disposable, stopAsked);
    const { dataKeysFile, transitUrl } = settings.get(SealingSettings);
    if (dataKeysFile === undefined && transitUrl === undefined) yield dataKeys(directory);
  }
  if (missing.has('tokens')) yield tokens(directory);
  const port = await portOf(settings, environment);
  if (port.line !== '') yield port;
  if (missing.has('twin')) yield twin(directory, settings, Number(port.environment.PORT), stopAsked);
  if (settings.get(ConsoleSettings).sessionSecretFile === undefined) yield sessionSecret(directory);
}

async function postgres(
  directory: string,
  log: EventLog,
  disposable: boolean,
  signal: AbortSignal | undefined,
): Promise<Part> {
  const server = await startEmbeddedPostgres({
    dataDirectory: join(directory, 'postgres'),
    log: (message) => log.debug('embedded_postgres.said', { message }),
    disposable,
    signal,
  });
  return {
    line: `PostgreSQL   ${server.url.replace(/:[^:@/]+@/, ':…@')}  (data in ${join(directory, 'postgres')})`,
    environment: { DATABASE_URL: server.url },
    stop: () => server.stop(),
  };
}

async function tokens(directory: string): Promise<Part> {
  const made = await throwawayTokens(directory);
  return {
    line: `Tokens       ${made.tokensFile}`,
    environment: { API_KEYS_FILE: made.apiKeysFile },
    tokens: made,
  };
}

/** Kept beside the database whose data they encrypt, and deleted with it; for a database elsewhere no keys are made. */
async function dataKeys(directory: string): Promise<Part> {
  return { line: '', environment: { DATA_KEYS_FILE: await throwawayDataKeys(directory) } };
}

async function sessionSecret(directory: string): Promise<Part> {
  return { line: '', environment: { CONSOLE_SESSION_SECRET_FILE: await throwawaySessionSecret(directory) } };
}

/** Without a port in the settings: the usual one, or any free one when another copy runs on that. */
async function portOf(settings: LoadedSettings, environment: Environment): Promise<Part> {
  const { host, port } = settings.get(HttpSettings);
  if ((environment.PORT ?? '').trim() !== '' && port !== 0)
    return { line: '', environment: { PORT: String(port) } };
  const free = await freePort(host, port);
  return { line: free === port ? '' : `Port         ${free}`, environment: { PORT: String(free) } };
}

async function twin(
  directory: string,
  settings: LoadedSettings,
  port: number,
  signal: AbortSignal | undefined,
): Promise<Part> {
  const keys = await throwawayKeys(join(directory, 'keys'));
  const { clientId, inquiryPath, cancelPath, refundPath, inquiryRefundPath } =
    settings.get(AlipayPlusSettings);
  const process = await startTwinProcess({
    directory: join(directory, 'twin'),
    keys,
    clientId,
    mppBaseUrl: `http://127.0.0.1:${port}`,
    inquiryPath,
    cancelPath,
    refundPath,
    inquiryRefundPath,
    signal,
  });
  return {
    line: `Alipay+      ${process.url}  (the local twin; its books: ${process.url}/_twin/orders)`,
    environment: {
      ALIPAYPLUS_BASE_URL: process.url,
      ALIPAYPLUS_CLIENT_ID: clientId,
      ALIPAYPLUS_PRIVATE_KEY_FILE: keys.mppPrivate,
      ALIPAYPLUS_PUBLIC_KEY_FILES: `1=${keys.alipayPlusPublic}`,
      // Keys for a real Alipay+ do not work with the twin.
      ALIPAYPLUS_KEYS_FILE: '',
      ALIPAYPLUS_NOTIFY_HOSTS: new URL(process.url).host,
    },
    stop: () => process.stop(),
  };
}
