import type { Connections } from './connections.js';

const ALL_TABLES = `select tablename from pg_tables where schemaname = 'public' and tablename <> 'migrations'`;

/** Copies all committed rows. */
const REMEMBER = `
  do $$ declare t text; begin
    drop schema if exists past cascade;
    create schema past;
    for t in ${ALL_TABLES} loop
      execute format('create table past.%1$I as table public.%1$I', t);
    end loop;
  end $$`;

/**
 * Replaces the committed rows by the copy. Rules are not checked: they held when it was written. The tables get other
 * files, as on a restored database.
 */
const GO_BACK = `
  do $$ declare t text; begin
    set local session_replication_role = replica;
    execute (select 'truncate ' || string_agg(quote_ident(tablename), ', ') from (${ALL_TABLES}) tables);
    for t in ${ALL_TABLES} loop
      execute format('insert into public.%1$I overriding system value table past.%1$I', t);
    end loop;
  end $$`;

/** A moment of the database to which it can go back, as by the promotion of a standby that lacks the last commits. */
export class PastRecords {
  constructor(private readonly connections: Connections) {}

  remember(): Promise<void> {
    return this.connections.change(REMEMBER);
  }

  /** No transaction may be open. */
  goBack(): Promise<void> {
    return this.connections.change(GO_BACK);
  }
}
