import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { NotEmptyError, seedOperations } from './seed-operations/seed-operations.js';

const USAGE = `Fills an empty database with payments, scans and notifications as in life, to try searches on.

  npm run seed:operations -- --database <postgres://…> [--orders 5000000]

The database has to be empty and the user a superuser: triggers and foreign keys are off while rows are inserted
(session_replication_role), and the secondary indexes are made at the end. Never point it at a database you need.`;

const MOST_ORDERS = 100_000_000;

async function main(args: readonly string[]): Promise<number> {
  const wish = readArgs(args);
  if (!wish) {
    console.error(USAGE);
    return 2;
  }
  try {
    await seedOperations({ ...wish, tell: (message) => console.log(message) });
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return error instanceof NotEmptyError ? 2 : 1;
  }
}

function readArgs(args: readonly string[]): { url: string; orders: number } | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { database: { type: 'string' }, orders: { type: 'string', default: '5000000' } },
    });
    const orders = /^[1-9]\d{0,8}$/.test(values.orders) ? Number(values.orders) : 0;
    if (values.database === undefined || orders < 1 || orders > MOST_ORDERS) return undefined;
    return { url: values.database, orders };
  } catch {
    return undefined;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await main(process.argv.slice(2));
}
