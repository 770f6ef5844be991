import { Client } from 'pg';

/** Many, so that they do not all wait for one account. */
const COUNT = 25;

export const PAYERS: readonly string[] = Array.from({ length: COUNT }, (_, at) => `payer-${at + 1}`);
/** Has one minor unit of every currency. */
export const POOR_PAYER = 'payer-poor';
export const BLOCKED_PAYER = 'payer-blocked';

/** Enough for any amount of the drill, also for those beyond what a number can hold. */
const PLENTY = `1${'0'.repeat(30)}`;

/** Opens all customers in the ledger; the first debit opens an account in its currency. */
export async function openPayers(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `insert into ledger_customer (customer_id, blocked, opening_balance)
       select unnest($1::text[]), false, $2::numeric
       union all values ($3, false, 1::numeric), ($4, true, null::numeric)`,
      [PAYERS, PLENTY, POOR_PAYER, BLOCKED_PAYER],
    );
  } finally {
    await client.end();
  }
}
