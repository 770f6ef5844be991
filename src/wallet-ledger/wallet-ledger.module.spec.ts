import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { loadSettings } from '../platform/config/load-settings.js';
import { Database } from '../platform/database/database.js';
import { openPool } from '../platform/database/pool.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { EventLog } from '../platform/logging/event-log.js';
import { DemoCustomers } from './embedded/demo-customers.js';
import { EmbeddedWalletLedger } from './embedded/embedded-wallet-ledger.js';
import { HttpWalletLedger } from './http/http-wallet-ledger.js';
import { MeasuredWalletLedger } from './measured-wallet-ledger.js';
import { WalletLedger } from './wallet-ledger.js';
import { WalletLedgerModule } from './wallet-ledger.module.js';
import { WalletLedgerSettings } from './wallet-ledger.settings.js';

async function boot(environment: Record<string, string>) {
  // Never connected: choosing an adapter asks the database nothing.
  const database = new Database(openPool('postgres://127.0.0.1:1/none', { name: 'none', max: 1 }));
  const settings = loadSettings([WalletLedgerSettings], environment).get(WalletLedgerSettings);

  @Global()
  @Module({
    providers: [
      { provide: WalletLedgerSettings, useValue: settings },
      { provide: Database, useValue: database },
      { provide: Metrics, useValue: new Metrics() },
      { provide: EventLog, useValue: new EventLog({ level: 'silent' }, { write: () => undefined }) },
    ],
    exports: [WalletLedgerSettings, Database, EventLog, Metrics],
  })
  class PlatformOfTheTest {}

  return Test.createTestingModule({ imports: [PlatformOfTheTest, WalletLedgerModule] }).compile();
}

function ledgerOf(app: TestingModule): WalletLedger | undefined {
  const ledger = app.get(WalletLedger);
  return ledger instanceof MeasuredWalletLedger ? ledger.measured : undefined;
}

describe('the wallet ledger module', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wallet-ledger-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const http = (secretFile: string) => ({
    WALLET_LEDGER: 'http',
    WALLET_LEDGER_URL: 'https://core.wallet.internal',
    WALLET_LEDGER_SECRET_FILE: secretFile,
  });

  it('gives the embedded ledger and its demo customers when nothing is set', async () => {
    const app = await boot({});
    expect(ledgerOf(app)).toBeInstanceOf(EmbeddedWalletLedger);
    expect(app.get(DemoCustomers)).toBeInstanceOf(DemoCustomers);
  });

  it('gives the http adapter when the settings say so', async () => {
    const secretFile = join(folder, 'secret');
    await writeFile(secretFile, 's'.repeat(40));
    const app = await boot(http(secretFile));
    expect(ledgerOf(app)).toBeInstanceOf(HttpWalletLedger);
  });

  it('does not start with a secret that cannot be read', async () => {
    await expect(boot(http(join(folder, 'nowhere')))).rejects.toThrow('WALLET_LEDGER_SECRET_FILE');
  });
});
