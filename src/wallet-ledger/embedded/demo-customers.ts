import { Injectable } from '@nestjs/common';
import { LedgerBooks, type NewCustomer } from './ledger-books.js';

const DEMO_CUSTOMERS: readonly NewCustomer[] = [
  { customerId: 'customer-rich', blocked: false, openingBalance: 10n ** 15n },
  { customerId: 'customer-poor', blocked: false, openingBalance: 1n },
  { customerId: 'customer-blocked', blocked: true, openingBalance: null },
];

/** Payers for trials. Their accounts open by themselves in the currency of their first debit. */
@Injectable()
export class DemoCustomers {
  constructor(private readonly books: LedgerBooks) {}

  /** Any number of processes may do it at once and again: a customer who exists keeps the money as it is. */
  async openDemoCustomers(): Promise<readonly string[]> {
    for (const customer of DEMO_CUSTOMERS) await this.books.open(customer);
    return DEMO_CUSTOMERS.map((customer) => customer.customerId);
  }
}
