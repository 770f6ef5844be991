import type { LedgerDebit } from '../../../src/wallet-ledger/wallet-ledger.js';
import { counted, inWords } from '../answer-words.js';
import { CheckFailure } from '../check-failure.js';
import type { Check } from '../check.js';
import { SMALL_VALUE, type Examination } from '../examination.js';

const ROUNDS = 5;

const lookupStates: Check = {
  id: 'lookup-states',
  title: 'A lookup tells absent, debited, reversed and refused apart, at once after each',
  protects: 'ABSENT is an answer with status 200',
  expected: `ABSENT, then DEBITED with the reference and the amount of the debit, then REVERSED, ${ROUNDS} times; REFUSED with its code`,
  needs: 'customer',
  async examine(at) {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const debit = at.aDebit();
      at.expectLookup('before the debit', await at.lookup(debit.key), { outcome: 'absent' });
      const ledgerReference = at.expectDone('the debit', await at.debit(debit));
      const debited = await at.lookup(debit.key);
      at.expectDebited('right after the debit', debited, debit, ledgerReference);
      at.expectDone('the reversal', await at.reverse(debit.key));
      const reversed = await at.lookup(debit.key);
      if (reversed.outcome !== 'reversed')
        throw new CheckFailure(`right after the reversal: should be REVERSED, and was ${inWords(reversed)}`);
    }
    const refused = at.aDebit({ customerId: at.ledger.nobody });
    const refusal = await at.debit(refused);
    if (refusal.outcome === 'refused')
      at.expectLookup('right after a refusal', await at.lookup(refused.key), refusal);
    return `ABSENT, DEBITED, REVERSED; ${inWords(refusal)}`;
  },
};

/** When to hang up: in the middle of the request, and at several moments after its last byte. */
const HANG_UPS: readonly { readonly share: number; readonly afterMs: number }[] = [
  { share: 0.5, afterMs: 0 },
  { share: 0.9, afterMs: 5 },
  { share: 1, afterMs: 0 },
  { share: 1, afterMs: 1 },
  { share: 1, afterMs: 3 },
  { share: 1, afterMs: 8 },
  { share: 1, afterMs: 20 },
];

const hangUp: Check = {
  id: 'hang-up',
  title: 'A caller who hangs up in the middle finds out by lookup, and never pays twice',
  protects: 'it asks for the same key, with growing pauses, until your core says what happened',
  expected:
    'DEBITED, or ABSENT; then the same debit is DONE, with the reference of the lookup; each key moved once',
  needs: 'customer',
  async examine(at) {
    const before = await at.balance();
    const debits = HANG_UPS.map(() => at.aDebit());
    const found: string[] = [];
    for (const [index, { share, afterMs }] of HANG_UPS.entries()) {
      const debit = debits[index] ?? at.aDebit();
      await at.hangUp(debit, share, afterMs);
      found.push(await expectSettled(at, debit, `after ${share * 100} % of the request and ${afterMs} ms`));
    }
    await at.expectBalance('after all of them', before, -SMALL_VALUE * BigInt(debits.length));
    for (const { key } of debits) at.expectDone('the reversal', await at.reverse(key));
    await at.expectBalance('after the reversals', before, 0n);
    return `at the lookup: ${counted(found)}`;
  },
};

async function expectSettled(at: Examination, debit: LedgerDebit, when: string): Promise<string> {
  const seen = await at.lookup(debit.key);
  if (seen.outcome !== 'debited' && seen.outcome !== 'absent')
    throw new CheckFailure(`a lookup ${when}: should be DEBITED or ABSENT, and was ${inWords(seen)}`);
  const known = seen.outcome === 'debited' ? seen.ledgerReference : undefined;
  const ledgerReference = at.expectDone(`the debit ${when}`, await at.debit(debit), known);
  at.expectDebited('a lookup in the end', await at.lookup(debit.key), debit, ledgerReference);
  return seen.outcome.toUpperCase();
}

export const LOOKUP_CHECKS: readonly Check[] = [lookupStates, hangUp];
