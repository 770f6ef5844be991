import { ConsoleSettings } from '../src/operations/console/console.settings.js';
import type { LoadedSettings } from '../src/platform/config/load-settings.js';
import { RuntimeSettings } from '../src/platform/config/runtime.settings.js';
import type { ThrowawayTokens } from './throwaway-tokens.js';

export interface BannerFacts {
  /** One line for each part that was started. */
  readonly started: readonly string[];
  readonly tokens: ThrowawayTokens | undefined;
}

/** What a person sees who started the service with nothing configured: where everything is, and a line to try. */
export function banner(parts: BannerFacts, url: string, settings: LoadedSettings): string {
  const { role } = settings.get(RuntimeSettings);
  const hasConsole = role !== 'worker' && settings.get(ConsoleSettings).isServed;
  const lines = [
    '',
    `MPP payments is ready (${role}): ${url}`,
    '',
    ...parts.started.map((line) => `  ${line}`),
    ...(role === 'worker' ? [] : [`  API          ${url}/docs`]),
    ...(hasConsole ? [`  Console      ${url}/console`] : []),
    ...(parts.tokens && role !== 'worker' ? tryIt(url, parts.tokens.walletApp, parts.tokens.operator) : []),
    ...(parts.tokens && hasConsole ? signIn(parts.tokens.operator) : []),
    '',
    '  Stop with Ctrl-C.',
    '',
    '',
  ];
  return lines.join('\n');
}

function tryIt(url: string, walletApp: string, operator: string): string[] {
  return [
    '',
    '  A payer scans a code:',
    `    curl -s ${url}/v1/scans -H 'Authorization: Bearer ${walletApp}' \\`,
    `      -H 'Content-Type: application/json' -d '{"codeValue":"twin:U,U,S#1","customerId":"customer-rich"}'`,
    '',
    '  An operator looks:',
    `    curl -s ${url}/v1/operations/payments -H 'Authorization: Bearer ${operator}'`,
  ];
}

function signIn(operator: string): string[] {
  return ['', '  or signs in to the console with this token:', `    ${operator}`];
}
