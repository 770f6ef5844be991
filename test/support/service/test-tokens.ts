import { createHash, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TestTokens {
  readonly apiKeysFile: string;
  readonly walletApp: string;
  readonly operator: string;
  /** An operator who may read messages too. */
  readonly auditor: string;
  /** Two people who may approve proposals of others. */
  readonly approver: string;
  readonly otherApprover: string;
  /** May look at the console, and nothing else. */
  readonly watcher: string;
  /** May only act for `customer-rich`. */
  readonly richOnly: string;
}

/** Tokens of a wallet app, of two operators, and of one customer, in a keys file of the test's own. */
export function testTokens(directory: string): TestTokens {
  const tokens = {
    walletApp: randomUUID(),
    operator: randomUUID(),
    auditor: randomUUID(),
    approver: randomUUID(),
    otherApprover: randomUUID(),
    watcher: randomUUID(),
    richOnly: randomUUID(),
  };
  const apiKeysFile = join(directory, `api-keys-${randomUUID()}.json`);
  const entries = [
    entry('wallet-app', tokens.walletApp, ['payments:write'], null),
    entry('operator', tokens.operator, ['payments:operate'], null),
    entry('auditor', tokens.auditor, ['payments:operate', 'payments:raw'], null),
    entry('approver', tokens.approver, ['payments:approve'], null),
    entry('other-approver', tokens.otherApprover, ['payments:approve', 'payments:operate'], null),
    entry('watcher', tokens.watcher, ['payments:watch'], null),
    entry('rich-only', tokens.richOnly, ['payments:write'], 'customer-rich'),
  ];
  writeFileSync(apiKeysFile, JSON.stringify(entries));
  return { apiKeysFile, ...tokens };
}

function entry(name: string, token: string, scopes: string[], customerId: string | null): object {
  return { name, sha256: createHash('sha256').update(token).digest('hex'), scopes, customerId };
}
