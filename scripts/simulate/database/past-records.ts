import type { Connections } from './connections.js';

const ALL_TABLES = `select tablename from pg_tables where schemaname = 'public' and tablename <> 'migrations'`;

/** What is committed now, put aside. */
const REMEMBER = `
  do $$ declare t text; begin
    drop schema if exists past cascade;
    create schema past;
    for t in ${ALL_TABLES} loop
      execute format('create table past.%1$I as table public.%1$I', t);
    end loop;
  end $$`;

/**
 * Puts it in the place of what is committed. Rules do not apply: they did when it was written. The files of the tables are
 * other ones then, as on a database that was restored.
 */
const GO_BACK = `
  do $$ declare t text; begin
    set local session_replication_role = replica;
    execute (select 'truncate ' || string_agg(quote_ident(tablename), ', ') from (${ALL_TABLES}) tables);
    for t in ${ALL_TABLES} loop
      execute format('insert into public.%1$I overriding system value table past.%1$I', t);
    end loop;
  end $$`;

/** A moment of the database to which it can go back, as by the promotion of a standby that had not heard all since. */
export class PastRecords {
  constructor(private readonly connections: Connections) {}

  remember(): Promise<void> {
    return this.connections.change(REMEMBER);
  }

  /** Nothing may be open on the database. */
  goBack(): Promise<void> {
    return this.connections.change(GO_BACK);
  }
}
