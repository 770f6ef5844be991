import { randomBytes } from 'node:crypto';
import { ConsoleSettings } from '../src/operations/console/console.settings.js';
import { AuthSettings } from '../src/platform/auth/auth.settings.js';
import type { LoadedSettings } from '../src/platform/config/load-settings.js';
import { RuntimeSettings } from '../src/platform/config/runtime.settings.js';
import { WalletLedgerSettings } from '../src/wallet-ledger/wallet-ledger.settings.js';
import type { ThrowawayTokens } from './throwaway-tokens.js';

export interface BannerFacts {
  /** One line for each part that was started. */
  readonly started: readonly string[];
  /** Undefined where the tokens are the user's own. */
  readonly tokens: ThrowawayTokens | undefined;
  /** False where Alipay+ is the user's own. */
  readonly hasTwin: boolean;
  /** Where the service listens. */
  readonly url: string;
  /** Where figures and the description of the API are, if not at `url`. */
  readonly managementUrl?: string | undefined;
}

/** The start-up text for a person who left something unconfigured: where everything is, and what to try. */
export function banner(facts: BannerFacts, settings: LoadedSettings): string {
  const { started, tokens, url, managementUrl } = facts;
  const { role } = settings.get(RuntimeSettings);
  const hasConsole = role !== 'worker' && settings.get(ConsoleSettings).isServed;
  const lines = [
    '',
    `MPP payments is ready (${role}): ${url}`,
    '',
    ...started.map((line) => `  ${line}`),
    ...(role === 'worker' ? [] : [`  API          ${managementUrl ?? url}/docs`]),
    ...(managementUrl === undefined ? [] : [`  Figures      ${managementUrl}/metrics`]),
    ...(hasConsole ? [`  Console      ${url}/console`] : []),
    ...(role === 'worker' ? [] : tryIt(facts, settings)),
    ...(role === 'worker' || !tokens ? [] : look(url, tokens.operator)),
    ...(tokens && hasConsole ? signIn(tokens.operator) : []),
    '',
    '  Stop with Ctrl-C.',
    '',
    '',
  ];
  return lines.join('\n');
}

/** A call that can be copied and run or, where it needs something only the user has, what that is. */
function tryIt(
  { url, managementUrl = url, tokens, hasTwin }: BannerFacts,
  settings: LoadedSettings,
): string[] {
  const needs = [
    ...(tokens ? [] : [`a bearer token with the scope payments:write, ${ownTokens(settings)}`]),
    ...(hasTwin ? [] : ['as codeValue an order code of the Alipay+ at ALIPAYPLUS_BASE_URL']),
    ...(settings.get(WalletLedgerSettings).adapter === 'embedded'
      ? []
      : ["as customerId a customer of the wallet's core at WALLET_LEDGER_URL"]),
  ];
  if (!tokens || needs.length > 0) {
    return [
      '',
      `  A payer scans a code with POST ${url}/v1/scans (${managementUrl}/docs shows how). It needs`,
      ...needs.map((need) => `    - ${need}`),
    ];
  }
  return [
    '',
    '  A payer scans a code:',
    `    curl -s ${url}/v1/scans -H 'Authorization: Bearer ${tokens.walletApp}' \\`,
    `      -H 'Content-Type: application/json' -d '{"codeValue":"${trialCode(settings)}","customerId":"customer-rich"}'`,
  ];
}

function ownTokens(settings: LoadedSettings): string {
  return settings.get(AuthSettings).jwksUrl === undefined
    ? 'one of those in API_KEYS_FILE'
    : 'issued by the owner of AUTH_JWKS_URL';
}

/**
 * A code of the twin's that no earlier start has scanned: an old order may be paid or expired by now. A decode that is
 * unknown at first is repeated by a worker, which may not be running beside an API.
 */
function trialCode(settings: LoadedSettings): string {
  const script = settings.get(RuntimeSettings).role === 'all' ? 'U,U,S' : 'S';
  return `twin:${script}#${randomBytes(3).toString('hex')}`;
}

function look(url: string, operator: string): string[] {
  return [
    '',
    '  An operator looks:',
    `    curl -s ${url}/v1/operations/payments -H 'Authorization: Bearer ${operator}'`,
  ];
}

function signIn(operator: string): string[] {
  return ['', '  or signs in to the console with this token:', `    ${operator}`];
}
