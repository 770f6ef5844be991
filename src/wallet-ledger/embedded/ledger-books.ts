import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { RowOf } from '../../platform/database/columns.js';
import { Database } from '../../platform/database/database.js';
import {
  CHECK,
  DEPOSIT,
  OPEN_CUSTOMER,
  READ_BALANCES,
  READ_CUSTOMER,
  READ_MOVEMENTS,
} from './ledger-statements.js';
import type { LedgerAccount, LedgerCustomer, LedgerMovement } from './ledger.entities.js';
import type { Id } from '../../platform/id.js';

export interface NewCustomer {
  readonly customerId: Id<'CustomerId'>;
  readonly blocked: boolean;
  /** Minor units that each of the customer's accounts starts with, in whatever currency it is first used. */
  readonly openingBalance: bigint | null;
}

export interface Deposit {
  readonly key: string;
  readonly customerId: Id<'CustomerId'>;
  readonly amount: { readonly currency: string; readonly value: bigint };
  readonly description: string;
}

export type DepositAnswer =
  | { readonly outcome: 'done'; readonly ledgerReference: string }
  | { readonly outcome: 'refused'; readonly code: 'CUSTOMER_NOT_FOUND' | 'KEY_CONTENT_MISMATCH' };

export interface CustomerBook {
  readonly customerId: Id<'CustomerId'>;
  readonly blocked: boolean;
  readonly openingBalance: string | null;
  readonly balances: readonly Pick<LedgerAccount, 'currency' | 'balance'>[];
  /** Newest first. */
  readonly movements: readonly BookedMovement[];
}

interface BookedMovement extends Pick<LedgerMovement, 'createdAt' | 'kind' | 'key' | 'description'> {
  readonly currency: string;
  readonly amount: string;
}

export interface LedgerFault {
  readonly fault: string;
  readonly subject: string;
  readonly detail: string;
}

/** What stands beside debits in the embedded ledger: its customers, their deposits, and the audit of its books. */
@Injectable()
export class LedgerBooks {
  constructor(private readonly database: Database) {}

  /** False when the customer was there already; the customer is then left as it is. */
  async open(customer: NewCustomer): Promise<boolean> {
    const { customerId, blocked, openingBalance } = customer;
    const opened = await this.database.run(OPEN_CUSTOMER, [
      customerId,
      blocked,
      openingBalance?.toString() ?? null,
    ]);
    return opened.length === 1;
  }

  /** Idempotent by key, like a debit. */
  async deposit(deposit: Deposit): Promise<DepositAnswer> {
    const { key, customerId, amount, description } = deposit;
    const value = amount.value.toString();
    const values = [uuidv7(), key, customerId, amount.currency, value, description];
    const [recorded] = await this.database.run<RecordedDeposit>(DEPOSIT, values);
    if (recorded === undefined) return { outcome: 'refused', code: 'CUSTOMER_NOT_FOUND' };
    const isSame =
      recorded.customer_id === customerId &&
      recorded.currency === amount.currency &&
      recorded.amount === value;
    if (!isSame) return { outcome: 'refused', code: 'KEY_CONTENT_MISMATCH' };
    return { outcome: 'done', ledgerReference: recorded.movement_id };
  }

  async show(customerId: Id<'CustomerId'>, movementLimit = 20): Promise<CustomerBook | undefined> {
    const [customer] = await this.database.run<RowOf<LedgerCustomer>>(READ_CUSTOMER, [customerId]);
    if (customer === undefined) return undefined;
    const balances = await this.database.run<Pick<LedgerAccount, 'currency' | 'balance'>>(READ_BALANCES, [
      customerId,
    ]);
    const movements = await this.database.run<MovementRow>(READ_MOVEMENTS, [customerId, movementLimit]);
    return {
      customerId,
      blocked: customer.blocked,
      openingBalance: customer.opening_balance,
      balances,
      movements: movements.map(({ created_at: createdAt, ...rest }) => ({ createdAt, ...rest })),
    };
  }

  /** Empty when the books are sound: see `ledger_check()` in the migration for what is compared. */
  check(): Promise<LedgerFault[]> {
    return this.database.run<LedgerFault>(CHECK, []);
  }
}

type RecordedDeposit = Pick<RowOf<LedgerMovement>, 'movement_id' | 'customer_id' | 'currency' | 'amount'>;

interface MovementRow extends Omit<BookedMovement, 'createdAt'> {
  readonly created_at: Date;
}
