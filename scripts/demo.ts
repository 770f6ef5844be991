import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { startEmbeddedParts } from '../src/embedded/embedded-parts.js';
import { EventLog } from '../src/platform/logging/event-log.js';
import { openLogDestination } from '../src/platform/logging/log-destination.js';
import { readSettings } from '../src/settings.js';
import { startService } from '../src/start-service.js';
import { compareBooks } from './demo/compare-books.js';
import { DemoClient } from './demo/demo-client.js';
import { printClosing, printOpening, printStory } from './demo/print-story.js';
import { STORIES } from './demo/stories.js';
import { walkStory, type WalkedStory } from './demo/walk-story.js';

const USAGE = `npm run demo            walks four scans through the whole service, on throwaway parts of its own
npm run demo -- --json  the same for programs: one JSON document on standard output
`;

/** Exit code 0 only if our books and the twin's books say the same. */
async function main(options: ReadonlySet<string>): Promise<number> {
  if (options.has('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const isJson = options.has('--json');
  await mkdir('.data', { recursive: true });
  const directory = await mkdtemp('.data/demo-');
  const environment = { DATA_DIR: directory, PORT: '0', LOG_LEVEL: 'error' };
  const log = new EventLog({ level: 'error' }, openLogDestination('json'));
  if (!isJson) printOpening();
  const parts = await startEmbeddedParts(readSettings(environment), environment, log, { disposable: true });
  try {
    const service = await startService(readSettings({ ...environment, ...parts.environment }), log);
    try {
      await parts.prepare(service.app);
      return await walk(new DemoClient(service.url, parts), isJson);
    } finally {
      await service.stop();
    }
  } finally {
    await parts.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function walk(client: DemoClient, isJson: boolean): Promise<number> {
  const walked: WalkedStory[] = [];
  for (const story of STORIES) {
    const done = await walkStory(client, story);
    walked.push(done);
    if (!isJson) printStory(done, walked.length, STORIES.length);
  }
  const books = await compareBooks(client, walked);
  if (isJson) process.stdout.write(`${JSON.stringify({ stories: walked, books }, null, 2)}\n`);
  else printClosing(books);
  return books.agree ? 0 : 1;
}

main(new Set(process.argv.slice(2))).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
