import { HttpModule, HttpService } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { EventLog } from '../platform/logging/event-log.js';
import { DemoCustomers } from './embedded/demo-customers.js';
import { EmbeddedWalletLedger } from './embedded/embedded-wallet-ledger.js';
import { LedgerBooks } from './embedded/ledger-books.js';
import { HttpWalletLedger } from './http/http-wallet-ledger.js';
import { readLedgerSecret } from './http/ledger-secret.js';
import { WalletLedger } from './wallet-ledger.js';
import { WalletLedgerSettings } from './wallet-ledger.settings.js';

/** The payer's money: one port, and the adapter that the settings choose. */
@Module({
  imports: [HttpModule],
  providers: [
    LedgerBooks,
    DemoCustomers,
    {
      provide: WalletLedger,
      inject: [WalletLedgerSettings, Database, EventLog, HttpService],
      useFactory: chooseLedger,
    },
  ],
  exports: [WalletLedger, DemoCustomers],
})
export class WalletLedgerModule {}

async function chooseLedger(
  settings: WalletLedgerSettings,
  database: Database,
  log: EventLog,
  http: HttpService,
): Promise<WalletLedger> {
  const { adapter, url, secretFile, timeoutMs } = settings;
  if (adapter === 'embedded') return new EmbeddedWalletLedger(database, log);
  if (url === undefined || secretFile === undefined) {
    throw new Error('the settings let WALLET_LEDGER=http pass without its address or secret');
  }
  return new HttpWalletLedger(http, { url, secret: await readLedgerSecret(secretFile), timeoutMs });
}
