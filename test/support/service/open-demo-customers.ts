import { ask } from '../database/ask.js';

/** Opens the embedded ledger's demo customers, for a service in a process of its own on a database of ours. */
export async function openDemoCustomers(databaseUrl: string): Promise<void> {
  await ask(
    databaseUrl,
    `insert into ledger_customer (customer_id, blocked, opening_balance)
     values ('customer-rich', false, 1000000000000000), ('customer-poor', false, 1), ('customer-blocked', true, null)
     on conflict do nothing`,
  );
}
