import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { aDebit, OpenedLedger } from '../support/ledger/opened-ledger.js';

type Step =
  | { readonly kind: 'debit'; readonly key: number; readonly payer: number; readonly value: bigint }
  | { readonly kind: 'reverse'; readonly key: number }
  | { readonly kind: 'deposit'; readonly key: number; readonly payer: number; readonly value: bigint };

const key = fc.integer({ min: 0, max: 7 });
const payer = fc.integer({ min: 0, max: 2 });
const value = fc.bigInt({ min: 1n, max: 60n });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('debit' as const), key, payer, value }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reverse' as const), key }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('deposit' as const), key, payer, value }) },
);

/** Waves run one after another, the steps of a wave at the same time. */
const waves = fc.array(fc.array(step, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 6 });

describe('the embedded ledger under random parallel calls', () => {
  let ledger: OpenedLedger;
  beforeAll(async () => {
    ledger = await OpenedLedger.open();
  });
  afterAll(() => ledger.close());

  it('keeps sound books that agree with the answers to the callers', async () => {
    await fc.assert(
      fc.asyncProperty(waves, async (plan) => {
        const run = new Run(ledger, randomUUID(), [
          await ledger.aCustomer(50n),
          await ledger.aCustomer(50n),
          await ledger.aCustomer(50n),
        ]);
        for (const wave of plan) await Promise.all(wave.map((each) => run.play(each)));
        await run.verify();
      }),
      { numRuns: 30 },
    );
  }, 120_000);
});

/** One plan with customers and keys of its own, and the answers to its callers. */
class Run {
  private readonly deposited = new Map<string, { payer: string; value: bigint }>();
  private readonly debited = new Map<string, { reference: string; payer: string; value: bigint }[]>();
  private readonly reversed = new Set<string>();

  constructor(
    private readonly ledger: OpenedLedger,
    private readonly id: string,
    private readonly payers: readonly string[],
  ) {}

  async play(step: Step): Promise<void> {
    const name = `${step.kind === 'deposit' ? 'in' : 'out'}-${step.key}-${this.id}`;
    if (step.kind === 'reverse') {
      expect((await this.ledger.wallet.reverse(name, 'any')).outcome).toBe('done');
      this.reversed.add(name);
      return;
    }
    const customerId = this.payers[step.payer] ?? '';
    const amount = { currency: 'HKD', value: step.value };
    if (step.kind === 'deposit') {
      const answer = await this.ledger.books.deposit({ key: name, customerId, amount, description: '' });
      if (answer.outcome === 'done') this.deposited.set(name, { payer: customerId, value: step.value });
      return;
    }
    const wasReversed = this.reversed.has(name);
    const answer = await this.ledger.wallet.debit(aDebit(customerId, { key: name, amount }));
    if (answer.outcome === 'unknown') expect(answer.reason).toBe('key_content_mismatch');
    if (answer.outcome !== 'done') return;
    expect(wasReversed).toBe(false);
    const told = this.debited.get(name) ?? [];
    this.debited.set(name, [
      ...told,
      { reference: answer.ledgerReference, payer: customerId, value: step.value },
    ]);
  }

  async verify(): Promise<void> {
    expect(await this.ledger.books.check()).toEqual([]);
    const [total] = await this.ledger.sql<{ sum: string }>('select sum(amount) as sum from ledger_entry');
    expect(total?.sum).toBe('0');

    const expected = new Map(this.payers.map((payer) => [payer, 50n]));
    const add = (payer: string, change: bigint) => expected.set(payer, (expected.get(payer) ?? 0n) + change);
    for (const { payer, value } of this.deposited.values()) add(payer, value);
    for (const [name, told] of this.debited) {
      expect(new Set(told.map((each) => JSON.stringify({ ...each, value: String(each.value) }))).size).toBe(
        1,
      );
      expect((await this.ledger.movementsOf(name)).filter((kind) => kind === 'DEBIT')).toHaveLength(1);
      const now = await this.ledger.wallet.lookup(name);
      expect(now.outcome).toBe(this.reversed.has(name) ? 'reversed' : 'debited');
      const [first] = told;
      if (now.outcome === 'debited' && first !== undefined) add(first.payer, -first.value);
    }
    for (const payer of this.payers) {
      expect(await this.ledger.balanceOf(payer)).toBe(expected.get(payer));
      expect(expected.get(payer)).toBeGreaterThanOrEqual(0n);
    }
  }
}
