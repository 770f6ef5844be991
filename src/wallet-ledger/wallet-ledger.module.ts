import { HttpModule, HttpService } from '@nestjs/axios';
import { Module, type OnApplicationBootstrap } from '@nestjs/common';
import { PeerClocks } from '../platform/clock/peer-clocks.js';
import { Database } from '../platform/database/database.js';
import { HealthProbes } from '../platform/health/health-probes.js';
import { EventLog } from '../platform/logging/event-log.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { DemoCustomers } from './embedded/demo-customers.js';
import { EmbeddedWalletLedger } from './embedded/embedded-wallet-ledger.js';
import { LedgerBooks } from './embedded/ledger-books.js';
import { HttpWalletLedger } from './http/http-wallet-ledger.js';
import { MeasuredWalletLedger } from './measured-wallet-ledger.js';
import { readLedgerCore } from './http/read-ledger-core.js';
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
      inject: [
        Metrics,
        { token: HealthProbes, optional: true },
        WalletLedgerSettings,
        Database,
        EventLog,
        HttpService,
        { token: PeerClocks, optional: true },
      ],
      useFactory: async (
        metrics: Metrics,
        probes: HealthProbes | undefined,
        ...parts: Parameters<typeof chooseLedger>
      ) => new MeasuredWalletLedger(await chooseLedger(...parts), metrics, probes),
    },
  ],
  exports: [WalletLedger, DemoCustomers],
})
export class WalletLedgerModule implements OnApplicationBootstrap {
  constructor(
    private readonly settings: WalletLedgerSettings,
    private readonly demo: DemoCustomers,
  ) {}

  /** The embedded ledger is for trials, on whichever database: its payers are there before the first request. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.settings.adapter === 'embedded') await this.demo.openDemoCustomers();
  }
}

/** The adapter that the settings name. */
export async function chooseLedger(
  settings: WalletLedgerSettings,
  database: Database,
  log: EventLog,
  http: HttpService,
  clocks?: PeerClocks,
): Promise<WalletLedger> {
  if (settings.adapter === 'embedded') return new EmbeddedWalletLedger(database, log);
  return new HttpWalletLedger(http, await readLedgerCore(settings), clocks);
}
