import { RuntimeSettings } from '../platform/config/runtime.settings.js';
import type { EmbeddedParts } from './embedded-parts.js';

/** What a person sees who started the service with nothing configured: where everything is, and a line to try. */
export function banner(parts: EmbeddedParts, url: string, { role }: RuntimeSettings): string {
  const lines = [
    '',
    `MPP payments is ready (${role}): ${url}`,
    '',
    ...parts.started.map((line) => `  ${line}`),
    ...(role === 'worker' ? [] : [`  API          ${url}/docs`]),
    ...(parts.tokens && role !== 'worker' ? tryIt(url, parts.tokens.walletApp, parts.tokens.operator) : []),
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
