import { createHash, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TestTokens {
  readonly apiKeysFile: string;
  readonly walletApp: string;
  readonly operator: string;
  /** May only act for `customer-rich`. */
  readonly richOnly: string;
}

/** Tokens of a wallet app, of an operator, and of one customer, in a keys file of the test's own. */
export function testTokens(directory: string): TestTokens {
  const tokens = { walletApp: randomUUID(), operator: randomUUID(), richOnly: randomUUID() };
  const apiKeysFile = join(directory, `api-keys-${randomUUID()}.json`);
  const entries = [
    entry('wallet-app', tokens.walletApp, ['payments:write'], null),
    entry('operator', tokens.operator, ['payments:operate'], null),
    entry('rich-only', tokens.richOnly, ['payments:write'], 'customer-rich'),
  ];
  writeFileSync(apiKeysFile, JSON.stringify(entries));
  return { apiKeysFile, ...tokens };
}

function entry(name: string, token: string, scopes: string[], customerId: string | null): object {
  return { name, sha256: createHash('sha256').update(token).digest('hex'), scopes, customerId };
}
