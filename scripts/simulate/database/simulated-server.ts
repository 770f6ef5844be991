import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../../embedded/postgres/start-embedded-postgres.js';
import { migrateDatabase } from '../../../src/platform/database/migrate.js';
import { EPOCH_MS } from '../engine/virtual-globals.js';
import { ROW_CHANGED } from './connections.js';

const TEMPLATE = 'simulated';

/** A server for simulations, on which each of them has a database of its own: migrated, and with a clock to set. */
export class SimulatedServer {
  /** Migrated once. A template must not be in use when it is cloned, not even by another clone. */
  private cloned: Promise<unknown> | undefined;

  private constructor(
    private readonly url: string,
    readonly stop: () => Promise<void>,
  ) {}

  /** An embedded one, which leaves nothing behind when it is stopped. */
  static async start(): Promise<SimulatedServer> {
    await mkdir('.data', { recursive: true });
    const parent = await mkdtemp('.data/simulate-');
    const server = await startEmbeddedPostgres({
      dataDirectory: `${parent}/postgres`,
      log: () => undefined,
      durable: false,
      disposable: true,
    });
    return new SimulatedServer(server.url, async () => {
      await server.stop();
      await rm(parent, { recursive: true, force: true });
    });
  }

  async database(name: string): Promise<string> {
    this.cloned = (this.cloned ?? this.prepare()).then(() =>
      onServer(this.url, `create database ${name} template ${TEMPLATE}`),
    );
    await this.cloned;
    return this.urlOf(name);
  }

  drop(name: string): Promise<void> {
    return onServer(this.url, `drop database if exists ${name} with (force)`);
  }

  private async prepare(): Promise<void> {
    await onServer(this.url, `create database ${TEMPLATE}`);
    const url = this.urlOf(TEMPLATE);
    await migrateDatabase(url);
    await moveClock(url);
  }

  private urlOf(name: string): string {
    const url = new URL(this.url);
    url.pathname = `/${name}`;
    return url.href;
  }
}

/**
 * Replaces the clock of every decision, and stops background work that depends on real time. The clock is a sequence:
 * moving it belongs to no transaction and waits for none. It is read without a query, so that statements have it
 * inlined. Every change of a row sends a notice to its session, so that no check is needed after a statement that changed
 * nothing; the rows that a sweeper claimed and the record of the last check do not count.
 */
export async function moveClock(url: string): Promise<void> {
  await onServer(
    url,
    `create sequence sim_clock minvalue 0 start ${EPOCH_MS};
     create or replace function db_now() returns timestamptz language sql volatile
       as 'select timestamptz ''epoch'' + pg_sequence_last_value(''sim_clock''::regclass) * interval ''1 ms''';
     select setval('sim_clock', ${EPOCH_MS});
     create function sim_changed() returns trigger language plpgsql
       as 'begin raise notice ''${ROW_CHANGED}''; return null; end';
     do $$ declare t text; begin
       for t in select tablename from pg_tables where schemaname = 'public' loop
         execute format('alter table %I set (autovacuum_enabled = false)', t);
         continue when t in ('sweep_rest', 'record_watch');
         execute format('create trigger sim_changed after insert or update or delete on %I
           for each row execute function sim_changed()', t);
       end loop;
     end $$;
     -- A scan that has ended keeps no request, and a frozen process may send it after that.
     create table sim_request (body bytea);
     create function sim_request_kept() returns trigger language plpgsql
       as 'begin insert into sim_request values (new.request_body); return null; end';
     create trigger sim_request_kept after insert on scan for each row execute function sim_request_kept();`,
  );
}

async function onServer(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
