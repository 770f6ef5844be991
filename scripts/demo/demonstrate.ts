import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { Exit } from '../../command-line/run-command.js';
import { startEmbeddedParts, type EmbeddedParts } from '../../embedded/embedded-parts.js';
import { freePort } from '../../embedded/postgres/free-port.js';
import { EventLog } from '../../src/platform/logging/event-log.js';
import { openLogDestination, type LogDestination } from '../../src/platform/logging/log-destination.js';
import { readSettings } from '../../src/settings.js';
import { startService } from '../../src/start-service.js';
import { compareBooks } from './compare-books.js';
import { startDemoCore } from './console/demo-core.js';
import { keepConsole, type KeptConsole } from './console/keep-console.js';
import { DemoClient } from './demo-client.js';
import { observe, requirePrometheus, type Observed } from './observe.js';
import { printClosing, printOpening, printStory } from './print-story.js';
import { STORIES } from './stories.js';
import { walkStory, type WalkedStory } from './walk-story.js';

const USUAL_PORT = 8_080;

export interface DemoOptions {
  readonly isJson: boolean;
  /** The console stays at the end. */
  readonly isKept: boolean;
  /** Prometheus stays at the end. */
  readonly isObserved: boolean;
}

export async function demonstrate({ isJson, isKept, isObserved }: DemoOptions): Promise<void> {
  if (isObserved) await requirePrometheus();
  await mkdir('.data', { recursive: true });
  const directory = await mkdtemp('.data/demo-');
  // The console has its usual port, where people look for it; the others need no fixed port.
  const port = isKept ? await freePort('127.0.0.1', USUAL_PORT) : 0;
  const environment = { DATA_DIR: directory, LOG_LEVEL: 'error', PORT: String(port) };
  const log = new EventLog({ level: isKept ? 'silent' : 'error' }, amongStories());
  const signal = ctrlC();
  if (!isJson) printOpening();
  const parts = await startEmbeddedParts(readSettings(environment), environment, log, { disposable: true });
  try {
    if (!isKept) {
      const observed = isObserved ? { observed: { directory, signal } } : {};
      const served = serve({ environment, parts, log, isJson, ...observed });
      return isObserved ? await served : await Promise.race([served, interrupted(signal)]);
    }
    const core = await startDemoCore(directory, parts.environment.DATABASE_URL ?? '', log);
    const kept = { core, signal };
    try {
      return await serve({ environment: { ...environment, ...core.environment }, parts, log, isJson, kept });
    } finally {
      await core.stop();
    }
  } finally {
    await parts.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * Standard output without the lines that a log has at every level, of who saw which messages: they would stand in the
 * midst of the stories, and nobody audits a demo.
 */
function amongStories(): LogDestination {
  const output = openLogDestination('json');
  return {
    write: (line) => {
      if (!line.includes('"level":"info"')) output.write(line);
    },
  };
}

/** The first Ctrl-C stops everything in order; a second one ends the process at once, as usual. */
function ctrlC(): AbortSignal {
  const ended = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => {
      process.stdout.write('\nStopping …\n');
      ended.abort();
    });
  }
  return ended.signal;
}

/** Four scans take seconds; after Ctrl-C they are not played to their end. */
function interrupted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(new Exit(128 + constants.signals.SIGINT));
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}

interface Serving {
  readonly environment: Readonly<Record<string, string>>;
  readonly parts: EmbeddedParts;
  readonly log: EventLog;
  readonly isJson: boolean;
  /** Present when Prometheus is to watch. */
  readonly observed?: Pick<Observed, 'directory' | 'signal'>;
  /** Present when the console is to stay. */
  readonly kept?: Pick<KeptConsole, 'core' | 'signal'>;
}

async function serve({ environment, parts, log, isJson, observed, kept }: Serving): Promise<void> {
  const service = await startService(readSettings({ ...environment, ...parts.environment }), log);
  try {
    await kept?.core.openCustomers();
    const client = new DemoClient(service.url, parts);
    const doBooksAgree = await walk(client, isJson);
    if (observed !== undefined) await observe({ url: service.url, client, ...observed });
    if (kept !== undefined) {
      await keepConsole({ url: service.url, token: parts.tokens?.operator ?? '', client, ...kept });
    }
    if (!doBooksAgree) throw new Exit(1);
  } finally {
    await service.stop();
  }
}

async function walk(client: DemoClient, isJson: boolean): Promise<boolean> {
  const walked: WalkedStory[] = [];
  for (const story of STORIES) {
    const done = await walkStory(client, story);
    walked.push(done);
    if (!isJson) printStory(done, walked.length, STORIES.length);
  }
  const books = await compareBooks(client, walked);
  if (isJson) process.stdout.write(`${JSON.stringify({ stories: walked, books }, null, 2)}\n`);
  else printClosing(books);
  return books.agree;
}
