import { ask } from './ask.js';

/** Everything a migration makes in the public schema, one readable line each. */
export interface Schema {
  readonly columns: readonly string[];
  readonly constraints: readonly string[];
  readonly indexes: readonly string[];
  readonly triggers: readonly string[];
  readonly routines: readonly string[];
  readonly views: readonly string[];
}

/** TypeORM's own record of migrations. */
const NOT_RECORD = `<> 'migrations'`;

const COLUMNS = `
  select format('%s.%s %s %s%s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull then 'not null' end, a.attidentity, pg_get_expr(d.adbin, d.adrelid)) as line
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname ${NOT_RECORD}`;

/** The columns already show not-null constraints, and the triggers show constraint triggers. */
const CONSTRAINTS = `
  select format('%s %s %s', c.relname, k.conname, pg_get_constraintdef(k.oid)) as line
  from pg_constraint k join pg_class c on c.oid = k.conrelid
  where k.connamespace = 'public'::regnamespace and k.contype in ('p', 'u', 'f', 'c') and c.relname ${NOT_RECORD}`;

const INDEXES = `
  select indexdef as line from pg_indexes where schemaname = 'public' and tablename ${NOT_RECORD}`;

const TRIGGERS = `
  select pg_get_triggerdef(t.oid) as line from pg_trigger t join pg_class c on c.oid = t.tgrelid
  where c.relnamespace = 'public'::regnamespace and not t.tgisinternal`;

const ROUTINES = `select pg_get_functiondef(oid) as line from pg_proc where pronamespace = 'public'::regnamespace`;

const VIEWS = `
  select relname || pg_get_viewdef(oid) as line from pg_class
  where relnamespace = 'public'::regnamespace and relkind = 'v'`;

export async function schemaOf(url: string): Promise<Schema> {
  return {
    columns: await lines(url, COLUMNS),
    constraints: await lines(url, CONSTRAINTS),
    indexes: await lines(url, INDEXES),
    triggers: await lines(url, TRIGGERS),
    routines: await lines(url, ROUTINES),
    views: await lines(url, VIEWS),
  };
}

async function lines(url: string, query: string): Promise<string[]> {
  const rows = await ask<{ line: string }>(url, query);
  return rows.map(({ line }) => line).toSorted();
}
