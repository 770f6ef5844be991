import Sequencer from '@jest/test-sequencer';

/**
 * What takes longest on a quiet machine, longest first, so that both workers end together. Jest itself knows that only
 * from its second run on a machine; in the first one it goes by the size of the files.
 */
export const LONGEST = [
  'test/e2e/process-leaves.spec.ts',
  'test/smoke/first-minute.spec.ts',
  'test/e2e/console-safety.spec.ts',
  'test/integration/embedded-postgres-as-root.spec.ts',
  'test/e2e/console-browser.spec.ts',
  'test/smoke/smoke.spec.ts',
  'test/e2e/killed-and-started-again.spec.ts',
  'test/e2e/corpus.spec.ts',
  'test/e2e/notifier-outage.spec.ts',
  'test/integration/embedded-postgres-after-a-kill.spec.ts',
  'test/e2e/own-setup-fault.spec.ts',
  'test/integration/embedded-postgres.spec.ts',
  'test/e2e/decode-trouble.spec.ts',
  'test/integration/queues.spec.ts',
  'test/integration/certify-ledger.spec.ts',
  'test/smoke/command-lines.spec.ts',
  'test/integration/stores/sweep-store.spec.ts',
  'test/integration/operations-plans.spec.ts',
  'test/e2e/operations-export.spec.ts',
  'test/e2e/stopped-in-a-burst.spec.ts',
  'test/integration/stores/order-sequences.spec.ts',
  'test/e2e/late-success.spec.ts',
  'test/integration/migrations.spec.ts',
  'test/integration/key-plans.spec.ts',
  'test/integration/database.spec.ts',
  'test/e2e/notification-trouble.spec.ts',
  'test/smoke/demo.spec.ts',
  'test/architecture.spec.ts',
  'test/simulation/simulation.spec.ts',
  'test/e2e/debit-in-doubt.spec.ts',
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
