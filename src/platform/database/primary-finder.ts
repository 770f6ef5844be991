import pg from 'pg';
import { within } from '../clock/within.js';
import type { Hosts } from './hosts.js';

/** What one host may take to say what it is; the others are asked at the same time. */
const ANSWER_MS = 2_000;
/** After one host said that it takes writes: whether another says so too, as a primary that nobody has fenced does. */
const OTHERS_MS = 250;
/** Several connections that are made at once share an answer, and so do those of the next moment. */
const FRESH_MS = 1_000;

/** One of the hosts: its own address, and where a connection goes. */
export interface Place {
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

interface Candidate extends Place {
  /** How often a standby of this cluster was promoted: of two that take writes the later one is meant. */
  readonly timeline: number;
}

/** No host of the address takes writes at the moment. */
class NoPrimary extends Error {
  constructor(places: readonly string[], reasons: readonly unknown[]) {
    super(`none of ${places.join(', ')} takes writes`, { cause: new AggregateError(reasons) });
    // A failover is under way: callers are told to try again, as while connections are refused.
    Object.assign(this, { code: 'ECONNREFUSED' });
  }
}

/** Which of several hosts takes writes; asked again after a while, because a promotion changes it. */
export class PrimaryFinder {
  private found: { readonly place: Promise<Place>; readonly atMs: number } | undefined;

  constructor(private readonly hosts: Hosts) {}

  /** @throws NoPrimary */
  find(): Promise<Place> {
    if (this.found !== undefined && performance.now() - this.found.atMs < FRESH_MS) return this.found.place;
    const place = this.search();
    const found = { place, atMs: performance.now() };
    this.found = found;
    place.catch(() => {
      if (this.found === found) this.found = undefined;
    });
    return place;
  }

  private async search(): Promise<Place> {
    const candidates: Candidate[] = [];
    const asked = this.hosts.urls.map(async (url) => {
      candidates.push(await askWhetherPrimary(url));
    });
    const all = Promise.allSettled(asked);
    try {
      await Promise.any(asked);
    } catch (error) {
      const reasons: unknown[] = error instanceof AggregateError ? error.errors : [error];
      throw new NoPrimary(this.hosts.urls.map(placeIn), reasons);
    }
    await within(OTHERS_MS, all, () => undefined);
    const [latest] = candidates.toSorted((one, other) => other.timeline - one.timeline);
    if (latest === undefined) throw new NoPrimary(this.hosts.urls.map(placeIn), []);
    return latest;
  }
}

/** @throws when it does not answer, or takes no writes */
async function askWhetherPrimary(url: string): Promise<Candidate> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'primary',
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: ANSWER_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ isReadOnly: boolean }>(WRITES);
    if (rows[0]?.isReadOnly !== false) throw new Error(`${placeIn(url)} takes no writes`);
    return { url, host: client.host, port: client.port, timeline: await timelineOf(client) };
  } finally {
    // An orderly end would wait for a silent host.
    void client.end().catch(() => undefined);
  }
}

const WRITES = `select pg_is_in_recovery() or current_setting('transaction_read_only')::bool as "isReadOnly"`;
const TIMELINE = `select ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int as timeline`;

/** A provider may hide the names of its log; it then fences old primaries itself. */
async function timelineOf(client: pg.Client): Promise<number> {
  try {
    const { rows } = await client.query<{ timeline: number }>(TIMELINE);
    return rows[0]?.timeline ?? 0;
  } catch {
    return 0;
  }
}

function placeIn(url: string): string {
  return /^[^:]+:\/\/(?:[^/?]*@)?([^/?]*)/.exec(url)?.[1] ?? '';
}
