import 'reflect-metadata';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ExportService } from '../../src/operations/export/export.service.js';
import { SearchService } from '../../src/operations/search/search.service.js';
import { ReadingPool } from '../../src/platform/database/reading-pool.js';
import { Sealing } from '../../src/platform/sealing/sealing.js';
import { EventLog } from '../../src/platform/logging/event-log.js';
import { Origin } from '../../src/platform/tracing/origin.js';

/**
 * One export in a process of its own, with the memory of that process on the way.
 * Arguments: the address of the database, the most rows, and the start of the range.
 */
const [url = '', maxRows = '', from = ''] = process.argv.slice(2);
const settings = { url, poolSize: 1, readingPoolSize: 2 };
const pool = new ReadingPool(settings);
const log = new EventLog({ level: 'error' }, { write: () => undefined });
const search = new SearchService(pool, new Sealing());
const service = new ExportService(pool, search, { maxRows: Number(maxRows) }, log, settings);

const MEGABYTE = 2 ** 20;
const TENTHS = 10;
/** Reading the memory costs more than a row. */
const ROWS_BETWEEN_LOOKS = 1_000;
/** Nothing here may grow with the rows: it would be measured too. */
const rssMb = Array.from({ length: TENTHS }, () => 0);
let bytes = 0;
let lines = -1; // the header does not count

const caller = { name: 'bench', scopes: new Set<string>(), origin: Origin.NONE, address: '127.0.0.1' };
const startedAt = performance.now();
const csv = await service.paymentsCsv(caller, { filters: { from }, sort: '-createdAt' });
const firstByteMs = performance.now() - startedAt;
await pipeline(
  csv,
  new Writable({
    write(part: Buffer, _encoding, done) {
      bytes += part.length;
      for (let at = part.indexOf(10); at !== -1; at = part.indexOf(10, at + 1)) lines += 1;
      if (lines % ROWS_BETWEEN_LOOKS === 0) look();
      done();
    },
  }),
);
const seconds = (performance.now() - startedAt) / 1_000;
console.log(JSON.stringify({ rows: lines, bytes, seconds, firstByteMs, rssMb }));
await pool.onApplicationShutdown();

function look(): void {
  const tenth = Math.min(TENTHS - 1, Math.floor((lines / Number(maxRows)) * TENTHS));
  const rss = Math.round(process.memoryUsage.rss() / MEGABYTE);
  rssMb[tenth] = Math.max(rssMb[tenth] ?? 0, rss);
}
