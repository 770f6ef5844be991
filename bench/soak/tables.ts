import type { Ground } from '../compare/ground.js';

export interface TableSize {
  readonly name: string;
  readonly rows: number;
  readonly dead: number;
  readonly bytes: number;
}

/** Tables in which a payment leaves rows, with the most that one may leave. All other tables must not grow. */
export const ROWS_OF_A_PAYMENT: Readonly<Record<string, number>> = {
  scan: 1,
  decode_exchange: 1,
  payment_order: 1,
  payment_history: 3,
  debit: 1,
  ledger_movement: 1,
  ledger_entry: 2,
  notification: 1,
  notification_attempt: 1,
};

/** Every table with its indexes and TOAST, those of the queues included. */
export function tableSizes(ground: Ground): Promise<TableSize[]> {
  return ground.query<TableSize>(
    'ours',
    `select case schemaname when 'public' then '' else schemaname || '.' end || relname as name,
       n_live_tup::float8 as rows, n_dead_tup::float8 as dead, pg_total_relation_size(relid)::float8 as bytes
     from pg_stat_user_tables order by 1`,
  );
}

export async function connections(ground: Ground): Promise<number> {
  const [row] = await ground.query<{ count: number }>(
    'ours',
    `select count(*)::int as count from pg_stat_activity where datname = 'ours' and pid <> pg_backend_pid()`,
  );
  return row?.count ?? Number.NaN;
}

/** Payments whose result is not acknowledged, and those whose result is. */
export async function acknowledged(
  ground: Ground,
): Promise<{ readonly open: number; readonly done: number }> {
  const [row] = await ground.query<{ open: number; done: number }>(
    'ours',
    `select count(*) filter (where status <> 'DELIVERED')::int as open,
       count(*) filter (where status = 'DELIVERED')::int as done from notification`,
  );
  return row ?? { open: Number.NaN, done: Number.NaN };
}
