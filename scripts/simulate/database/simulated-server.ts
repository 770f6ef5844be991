import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../../src/platform/database/embedded/start-embedded-postgres.js';
import { migrateDatabase } from '../../../src/platform/database/migrate.js';
import { EPOCH_MS } from '../engine/virtual-globals.js';

/** A server for simulations: the one given, or an embedded one that leaves nothing behind. */
export interface SimulatedServer {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startSimulatedServer(): Promise<SimulatedServer> {
  await mkdir('.data', { recursive: true });
  const parent = await mkdtemp('.data/simulate-');
  const server = await startEmbeddedPostgres({
    dataDirectory: `${parent}/postgres`,
    log: () => undefined,
    durable: false,
    disposable: true,
  });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      await rm(parent, { recursive: true, force: true });
    },
  };
}

/** Migrated, and with a clock that stands where the simulation puts it. */
export async function prepareSimulatedDatabase(serverUrl: string, name: string): Promise<string> {
  await onServer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await migrateDatabase(url.href);
  await moveClock(url.href);
  return url.href;
}

export function dropSimulatedDatabase(serverUrl: string, name: string): Promise<void> {
  return onServer(serverUrl, `drop database if exists ${name} with (force)`);
}

/** Replaces the clock of every decision, and stops what works in the background by real time. */
export async function moveClock(url: string): Promise<void> {
  await onServer(
    url,
    `create table sim_clock (now timestamptz not null);
     insert into sim_clock values (to_timestamp(${EPOCH_MS} / 1000.0));
     create or replace function db_now() returns timestamptz language sql volatile
       as 'select now from sim_clock';
     do $$ declare t text; begin
       for t in select tablename from pg_tables where schemaname = 'public' loop
         execute format('alter table %I set (autovacuum_enabled = false)', t);
       end loop;
     end $$;`,
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
