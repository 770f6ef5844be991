import { ALL_CHECKS } from '../../scripts/certify-ledger/all-checks.js';
import { ChecksDeadlineFirst } from '../support/ledgers/broken-books.js';
import { BROKEN_LEDGERS, TIMEOUT_MS } from '../support/ledgers/broken-ledgers.js';
import { certified, failedIn, MEMORY_CUSTOMERS, SECRET } from '../support/ledgers/certified.js';
import { MemoryLedgerServer } from '../support/ledgers/memory-ledger-server.js';

/** `npm run certify-ledger:broken` runs every check on each of them, and proves that no other check fails. */
describe('the certification of a ledger that breaks the contract', () => {
  it.concurrent.each(BROKEN_LEDGERS.map((broken) => [broken.fault, broken.caughtBy, broken] as const))(
    'one that %s fails %s',
    async (_fault, caughtBy, { open, timeoutMs = TIMEOUT_MS }) => {
      const check = ALL_CHECKS.filter(({ id }) => id === caughtBy);
      const report = await certified(open(SECRET), { ...MEMORY_CUSTOMERS, timeoutMs }, check);
      expect(failedIn(report)).toEqual([caughtBy]);
    },
  );

  it('has a broken ledger for every check', () => {
    const caught = new Set(BROKEN_LEDGERS.map(({ caughtBy }) => caughtBy));
    expect(ALL_CHECKS.map(({ id }) => id).filter((id) => !caught.has(id))).toEqual([]);
  });

  it('gives back the debits of a failed check', async () => {
    const books = new ChecksDeadlineFirst();
    const report = await certified(new MemoryLedgerServer(SECRET, books));
    expect(failedIn(report)).toEqual(['deadline-on-repeat']);
    expect(books.balances.get('rich HKD')).toBe(5000n);
  });
});
