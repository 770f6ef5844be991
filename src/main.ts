import type { LoadedSettings } from './platform/config/load-settings.js';
import { SettingsError } from './platform/config/settings-error.js';
import { EventLog } from './platform/logging/event-log.js';
import { openLogDestination } from './platform/logging/log-destination.js';
import { LoggingSettings } from './platform/logging/logging.settings.js';
import { keepHeapSmall } from './platform/small-heap.js';
import { readSettings } from './settings.js';
import { startMissingParts } from './start-missing-parts.js';
import { startService } from './start-service.js';

/** Starts what the environment describes, and stops it all in order at the first SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const wanted = readSettings(process.env);
  const log = openLog(wanted);
  const starting = start(wanted, log);
  const stop = once(async () => {
    log.event('service.stopping');
    await (await starting).stop();
    log.event('service.stopped');
  });
  // A signal during the start lets the start finish first: what is half started cannot be stopped in order.
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => void stop().then(leave, fail));
  await starting;
}

async function start(wanted: LoadedSettings, log: EventLog): Promise<{ stop(): Promise<void> }> {
  const embedded = await startMissingParts(wanted, process.env, log);
  try {
    const settings = readSettings({ ...process.env, ...embedded?.environment });
    const service = await startService(settings, log);
    if (embedded) process.stdout.write(embedded.banner(service.url, settings));
    await keepHeapSmall();
    return {
      stop: async () => {
        await service.stop();
        await embedded?.stop();
      },
    };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

/** A person at a terminal who asked for nothing gets text. */
function openLog(settings: LoadedSettings): EventLog {
  const logging = settings.get(LoggingSettings);
  const isForPeople = process.env.LOG_FORMAT === undefined && process.stdout.isTTY;
  return new EventLog(logging, openLogDestination(isForPeople ? 'text' : logging.format));
}

/** A second signal while stopping changes nothing; the first stop goes on. */
function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= action());
}

function leave(): void {
  process.exit(0);
}

function fail(error: unknown): void {
  process.stderr.write(`Cannot start. ${explained(error)}\n`);
  process.exit(1);
}

/** What the reader can mend gets its message; everything else its stack. */
function explained(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // By its name: the class is in the folder that a production image does not carry.
  if (error instanceof SettingsError || error.name === 'EmbeddedPostgresError') return error.message;
  return error.stack ?? error.message;
}

main().catch(fail);
