import { ask } from '../compare/ask.js';
import type { SeededServer } from '../seeded/seeded-server.js';

/** Every run adds its scans: a few do not matter among millions, but among thousands they do. */
const MOST_GROWTH = 1.05;

/** Tables that a scan or a confirm reads at random places, and that the cache of a server in use would hold. */
const TABLES = ['scan', 'payment_order', 'ledger_customer', 'ledger_account'];

/** A database with that many orders in the state of one in use: vacuumed, analysed and its indexes in the cache. */
export async function grownDatabase(
  server: SeededServer,
  orders: number,
  tell: (message: string) => void,
): Promise<string> {
  const url = await server.database({
    name: `growth_${orders}`,
    orders,
    isAsGood: async (url) => (await ordersIn(url)) <= orders * MOST_GROWTH,
  });
  tell(`${orders} orders: vacuum, statistics, and the indexes into the cache`);
  await ask(url, 'vacuum (analyze)');
  await ask(url, 'create extension if not exists pg_prewarm');
  await ask(
    url,
    `select sum(pg_prewarm(indexrelid)) from pg_index where indrelid = any ($1::text[]::regclass[])`,
    [TABLES],
  );
  return url;
}

export async function ordersIn(url: string): Promise<number> {
  const [row] = await ask<{ orders: number }>(url, 'select count(*)::float8 as orders from payment_order');
  return row?.orders ?? 0;
}
