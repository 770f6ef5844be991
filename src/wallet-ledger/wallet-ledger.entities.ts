import { LedgerAccount } from './embedded/ledger-account.entity.js';
import { LedgerCustomer } from './embedded/ledger-customer.entity.js';
import { LedgerEntry } from './embedded/ledger-entry.entity.js';
import { LedgerMovement } from './embedded/ledger-movement.entity.js';

/** The tables of the embedded ledger; with another adapter they stay empty. */
export const WALLET_LEDGER_ENTITIES = [LedgerCustomer, LedgerAccount, LedgerMovement, LedgerEntry];
