import { counted, inWords } from '../answer-words.js';
import { CheckFailure } from '../check-failure.js';
import type { Check } from '../check.js';
import { SMALL_VALUE, type Examination } from '../examination.js';

const PARALLEL = 20;
const ROUNDS = 3;
const RACES = 10;

const reversal: Check = {
  id: 'reversal',
  title: 'A reversal gives the money back once, and no debit of its key is done any more',
  protects: 'After a reversal, no debit of that key says DONE',
  expected:
    'DONE with the same reference three times; the balance as before the debit; the debit again is REFUSED',
  needs: 'customer',
  async examine(at) {
    const before = await at.balance();
    const debit = at.aDebit();
    at.expectDone('the debit', await at.debit(debit));
    const reference = at.expectDone('the reversal', await at.reverse(debit.key, 'cancelled'));
    await at.expectBalance('after the reversal', before, 0n);
    at.expectDone('the reversal, again', await at.reverse(debit.key, 'cancelled'), reference);
    at.expectDone('the reversal, with another reason', await at.reverse(debit.key, 'once more'), reference);
    await at.expectBalance('after three reversals', before, 0n);
    at.expectRefused('the debit, after its reversal', await at.debit(debit), 'REFUSED');
    await at.expectBalance('after that debit', before, 0n);
    return `DONE ${reference} three times, then REFUSED REFUSED`;
  },
};

const reversalParallel: Check = {
  id: 'reversal-parallel',
  title: `${PARALLEL} reversals of one debit at the same moment give the money back once`,
  protects: 'DONE; the money goes back once',
  expected:
    'one reference in all answers (UNKNOWN is allowed while it is being booked); the balance as before',
  needs: 'customer',
  async examine(at) {
    const before = await at.balance();
    const found: string[] = [];
    await at.openConnections(PARALLEL);
    for (let round = 1; round <= ROUNDS; round += 1) {
      const debit = at.aDebit();
      at.expectDone('the debit', await at.debit(debit));
      const calls = Array.from({ length: PARALLEL }, () => at.client.reverseOnce(debit.key, 'cancelled'));
      const replies = await Promise.all(calls);
      const reference = at.expectDone('the reversal, once more afterwards', await at.reverse(debit.key));
      for (const { answer } of replies)
        if (answer.outcome !== 'unknown') at.expectDone('one of the parallel reversals', answer, reference);
      await at.expectBalance(`after ${PARALLEL} parallel reversals`, before, 0n);
      found.push(...replies.map(({ answer }) => inWords(answer)));
    }
    return counted(found);
  },
};

const reversalFirst: Check = {
  id: 'reversal-first',
  title: 'A reversal that comes before its debit closes the key: the late debit is refused',
  protects: 'A reversal may come before its debit',
  expected:
    'DONE, and DONE with the same reference; then the debit and its lookup are REFUSED; nothing moves',
  needs: 'nobody',
  async examine(at) {
    const before = await at.balance();
    const debit = at.aDebit();
    const reference = at.expectDone('the reversal of an absent key', await at.reverse(debit.key));
    at.expectRefused('the debit that comes late', await at.debit(debit), 'REFUSED');
    const other = { ...debit, amount: { ...debit.amount, value: SMALL_VALUE + 1n } };
    at.expectRefused('a late debit of another value', await at.debit(other), 'REFUSED');
    const seen = await at.lookup(debit.key);
    if (seen.outcome !== 'refused')
      throw new CheckFailure(`a lookup of the closed key: should be REFUSED, and was ${inWords(seen)}`);
    at.expectDone('the reversal, again', await at.reverse(debit.key), reference);
    await at.expectBalance('after all of it', before, 0n);
    return `DONE ${reference}, then REFUSED REFUSED`;
  },
};

const debitAgainstReversal: Check = {
  id: 'debit-against-reversal',
  title: 'A debit and its reversal at the same moment leave the payer with all the money',
  protects: 'DONE means that the money is held',
  expected: `REVERSED or REFUSED for each of ${RACES} keys, no later debit of them DONE, the balance as before`,
  needs: 'customer',
  async examine(at) {
    const before = await at.balance();
    await at.openConnections(2 * RACES);
    const ends = await Promise.all(Array.from({ length: RACES }, (_, index) => race(at, index % 2 === 0)));
    await at.expectBalance(`after ${RACES} races`, before, 0n);
    return counted(ends);
  },
};

async function race(at: Examination, isDebitFirst: boolean): Promise<string> {
  const debit = at.aDebit();
  const { key } = debit;
  const started = isDebitFirst ? at.debitOnce(debit) : undefined;
  const reversing = at.client.reverseOnce(key, 'cancelled');
  await (started ?? at.debitOnce(debit));
  const { answer } = await reversing;
  const reference = at.expectDone(
    'the reversal',
    answer.outcome === 'unknown' ? await at.reverse(key) : answer,
  );
  // Before any repeat: an answered reversal must already be final.
  const seen = await at.lookup(key);
  if (seen.outcome !== 'reversed' && seen.outcome !== 'refused')
    throw new CheckFailure(
      `a lookup after the race: should be REVERSED or REFUSED, and was ${inWords(seen)}`,
    );
  at.expectRefused('the debit, once more after the race', await at.debit(debit), 'REFUSED');
  at.expectDone('the reversal, once more after the race', await at.reverse(key), reference);
  return seen.outcome.toUpperCase();
}

export const REVERSAL_CHECKS: readonly Check[] = [
  reversal,
  reversalParallel,
  reversalFirst,
  debitAgainstReversal,
];
