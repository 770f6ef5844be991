import { randomUUID } from 'node:crypto';
import { HttpService } from '@nestjs/axios';
import type { LoadedSettings } from '../../src/platform/config/load-settings.js';
import { HttpWalletLedger } from '../../src/wallet-ledger/http/http-wallet-ledger.js';
import { readLedgerCore } from '../../src/wallet-ledger/http/read-ledger-core.js';
import { WalletLedgerSettings } from '../../src/wallet-ledger/wallet-ledger.settings.js';
import { fault, ok, warning, type Finding } from './finding.js';
import { reached } from './reached.js';

const PART = 'ledger';
/** However patient the service is. */
const MOST_MS = 5_000;

const REASONS: Readonly<Record<string, string>> = {
  http_status_401:
    'refuses our signature (401); is it the secret of WALLET_LEDGER_SECRET_FILE, and is its clock right?',
  http_status_403: 'refuses us (403); is it the secret of WALLET_LEDGER_SECRET_FILE?',
  redirect: 'leads elsewhere; give the address it leads to',
  not_json: 'does not answer in JSON; is it the ledger?',
  timeout: 'did not answer in time',
};

/** The way to the wallet's core, and whether it answers by the contract: it is asked for a debit that nobody made. */
export async function ledgerLook(settings: LoadedSettings): Promise<Finding[]> {
  const named = settings.get(WalletLedgerSettings);
  const { adapter, url, proxyUrl } = named;
  if (adapter === 'embedded' || url === undefined) return [ok(PART, 'the embedded one, for trials')];
  const core = await readLedgerCore(named);
  const [setting, authority] = ['WALLET_LEDGER_URL', 'WALLET_LEDGER_CA_FILE'];
  const way = await reached({ part: PART, setting, url, proxyUrl, tls: core.tls, authority });
  if (way.state === 'fault') return [way];
  const ledger = new HttpWalletLedger(new HttpService(), {
    ...core,
    timeoutMs: Math.min(core.timeoutMs, MOST_MS),
  });
  const answer = await ledger.lookup(randomUUID()); // of no order
  const { host } = new URL(url);
  if (answer.outcome === 'absent') return [ok(PART, `${host} answers and takes our signature`)];
  if (answer.outcome !== 'unknown')
    return [fault(PART, `${setting} names ${host}, which knows a debit that nobody made`)];
  if (answer.reason === 'ledger_unknown')
    return [warning(PART, `${host} says that it does not know at the moment`)];
  const why = REASONS[answer.reason] ?? `does not answer by docs/wallet-ledger.md (${answer.reason})`;
  return [fault(PART, `${setting} names ${host}, which ${why}`)];
}
