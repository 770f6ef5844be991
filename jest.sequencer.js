import Sequencer from '@jest/test-sequencer';

/**
 * What takes longest on a quiet machine, longest first, so that both workers end together. Jest itself knows that only
 * from its second run on a machine; in the first one it goes by the size of the files.
 */
export const LONGEST = [
  'test/smoke/smoke.spec.ts',
  'test/integration/embedded-postgres.spec.ts',
  'test/smoke/demo-console.spec.ts',
  'test/integration/queues.spec.ts',
  'test/integration/operations-plans.spec.ts',
  'test/integration/certify-ledger.spec.ts',
  'test/e2e/debit-in-doubt.spec.ts',
  'test/e2e/notifier-fairness.spec.ts',
  'test/e2e/operations-export.spec.ts',
  'test/simulation/simulation.spec.ts',
  'test/integration/fuzz.spec.ts',
  'test/integration/certify-ledger-broken.spec.ts',
];

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const at = LONGEST.findIndex((name) => path.endsWith(name));
      return at === -1 ? LONGEST.length : at;
    };
    return super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
  }
}
