import { BROKEN_LEDGERS, TIMEOUT_MS } from '../support/ledgers/broken-ledgers.js';
import { certified, failedIn, MEMORY_CUSTOMERS, SECRET } from '../support/ledgers/certified.js';

describe('the whole certification of a ledger that breaks the contract', () => {
  it.concurrent.each(BROKEN_LEDGERS.map((broken) => [broken.fault, broken.caughtBy, broken] as const))(
    'one that %s fails %s, and nothing that has another cause',
    async (_fault, caughtBy, { open, alsoMetBy, timeoutMs = TIMEOUT_MS }) => {
      const failed = failedIn(await certified(open(SECRET), { ...MEMORY_CUSTOMERS, timeoutMs }));
      expect(failed).toContain(caughtBy);
      expect(failed.filter((id) => id !== caughtBy && !alsoMetBy.includes(id))).toEqual([]);
    },
  );
});
