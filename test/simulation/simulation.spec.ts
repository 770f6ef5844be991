import { Connections } from '../../scripts/simulate/database/connections.js';
import { moveClock } from '../../scripts/simulate/database/simulated-server.js';
import { hunt, MUTANTS } from '../../scripts/simulate/mutants/hunt.js';
import { simulate, type Simulated } from '../../scripts/simulate/simulation.js';
import * as cancel from '../../src/payment-order/cancel/cancel.sql.js';
import * as debit from '../../src/payment-order/debit/debit.sql.js';
import * as reversal from '../../src/payment-order/debit/reversal.sql.js';
import * as merge from '../../src/payment-order/scan/merge.sql.js';
import * as notification from '../../src/payment-order/notification/notification.sql.js';
import * as refund from '../../src/payment-order/refund/refund.sql.js';
import { IN_QUESTION } from '../../src/payment-order/order/records-in-question.js';
import * as order from '../../src/payment-order/order/payment-order.sql.js';
import * as scan from '../../src/payment-order/scan/scan.sql.js';
import { TAKE_UNFINISHED } from '../../src/payment-order/sweep/sweep.sql.js';
import type { Statement } from '../../src/platform/database/database.js';
import { createTestDatabase, type TestDatabase } from '../support/database/test-database.js';

// A history ends by itself, at 30,000 steps at most. Usually it has some three thousand, each with several round trips
// to PostgreSQL, each of which waits its turn where both cores are busy.
jest.setTimeout(240_000);

const SCANS = 6;
/** Wild ones: with kills, pauses, a queue that is down, and a database that breaks connections or loses commits. */
const SEEDS = [2, 8, 15];

const TROUBLE = [
  'is killed',
  'stands still',
  'waits for a lock',
  'lost on its way',
  'no answer in time',
  'ECONNRESET',
  'is away',
  'loses commits',
];

describe('the simulated service', () => {
  let database: TestDatabase;
  let connections: Connections;
  const seen: string[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    await moveClock(database.url);
    connections = await Connections.open(database.url);
  });
  afterAll(async () => {
    await connections.close();
    await database.drop();
  });

  it.each(SEEDS)('keeps every guarantee in the history of seed %i', async (seed) => {
    const { violation, history } = await simulate(connections, { seed, scans: SCANS });
    seen.push(...history.lines);
    const told = violation && [violation.message, ...history.about(violation.about)].join('\n');
    expect(told).toBeUndefined();
    // Inquiries at the end count as settled only when no fault follows, however early that is.
    const asked = history.lines.findLastIndex((line) => line.includes(' inquires '));
    expect(history.lines.findIndex((line) => line.includes('all trouble ends'))).toBeLessThan(asked);
    expect(history.lines.join('\n')).toContain('all trouble ends');
  });

  it('goes through kills, pauses, waits for locks and lost answers in these histories', () => {
    const all = seen.join('\n');
    for (const trouble of TROUBLE) expect(all).toContain(trouble);
  });

  describe('of one seed', () => {
    const options = { seed: 3, scans: 4 };
    let first: Simulated;
    beforeAll(async () => {
      first = await simulate(connections, options);
    });

    it('has the same history, line by line, beside another seed, which has another one', async () => {
      const another = await createTestDatabase();
      await moveClock(another.url);
      const beside = await Connections.open(another.url);
      try {
        const [again, other] = await Promise.all([
          simulate(connections, options),
          simulate(beside, { seed: 5, scans: 4 }),
        ]);
        expect(first.history.lines.length).toBeGreaterThan(300);
        expect(again.history.lines).toEqual(first.history.lines);
        expect(again.steps).toBe(first.steps);
        expect(other.history.lines).not.toEqual(first.history.lines);
      } finally {
        await beside.close();
        await another.drop();
      }
    });

    it('has the same history after another one that broke off in the middle', async () => {
      const mutant = MUTANTS.find(({ name }) => name === 'debit-before-intent');
      for (let seed = 1, broken = false; !broken; seed += 1) {
        const simulated = await simulate(connections, { seed, scans: 4, mistake: mutant?.mistake ?? {} });
        broken = simulated.violation !== undefined;
      }
      const after = await simulate(connections, options);
      expect(after.history.lines).toEqual(first.history.lines);
    });
  });
});

const STATEMENTS: readonly Statement[] = [
  ...[cancel, debit, refund, reversal, merge, notification, order, scan].flatMap((module) =>
    Object.values(module),
  ),
  TAKE_UNFINISHED,
  IN_QUESTION,
];

describe('an injected mistake', () => {
  it.each(MUTANTS)('$name still finds the statements it changes', ({ mistake }) => {
    for (const [name, rewrite] of Object.entries(mistake.rewrites ?? {})) {
      const text = STATEMENTS.find((statement) => statement.name === name)?.text ?? `no statement ${name}`;
      expect(rewrite(text)).not.toBe(text);
    }
  });

  /** The seed that found each mistake last; when it no longer does, the next seeds are tried. */
  const chosen: ReadonlyMap<string, number> = new Map([
    ['debit-before-intent', 1],
    ['timeout-is-refusal', 1],
    ['bad-signature-believed', 1],
    ['queue-alone', 2],
    ['random-keys', 3],
    ['refund-random-keys', 24],
  ]);

  it.each(MUTANTS.filter(({ name }) => chosen.has(name)))('$name is caught', async (mutant) => {
    const firstSeed = chosen.get(mutant.name) ?? 1;
    const own = await createTestDatabase();
    await moveClock(own.url);
    const { caught } = await hunt(own.url, mutant, { firstSeed, seeds: 30, scans: SCANS });
    await own.drop();
    expect(mutant.caughtBy).toContain(caught?.violation?.guarantee);
    expect(caught?.history.lines.length).toBeGreaterThan(0);
  });
});
