import type { LedgerDebit, LedgerRefund } from '../../../src/wallet-ledger/wallet-ledger.js';
import { counted, inWords } from '../answer-words.js';
import type { Check } from '../check.js';
import { SMALL_VALUE, type Examination } from '../examination.js';

const PARALLEL = 20;

const refund: Check = {
  id: 'refund',
  title: 'A refund gives its amount back once, and several of them up to the whole debit',
  protects: 'A refund gives back a part of a debit once for its key',
  expected:
    'DONE with the same reference three times; the balance is more by each refund once; the debit stays DEBITED',
  needs: 'customer',
  async examine(at) {
    const before = await at.balance();
    const debit = await aDebited(at);
    const part = aRefund(at, debit, 3n);
    const reference = at.expectDone('a refund of 3', await at.refund(part));
    await at.expectBalance('after the refund', before, 3n - SMALL_VALUE);
    at.expectDone('the refund, again', await at.refund(part), reference);
    at.expectDone(
      'the refund, with another reason',
      await at.refund({ ...part, reason: 'again' }),
      reference,
    );
    await at.expectBalance('after three calls of one refund', before, 3n - SMALL_VALUE);
    at.expectDone('a refund of the rest', await at.refund(aRefund(at, debit, SMALL_VALUE - 3n)));
    await at.expectBalance('after both refunds', before, 0n);
    const seen = await at.lookup(debit.key);
    at.expectDebited('a lookup of the debit', seen, debit, referenceOf(seen));
    return `DONE ${reference} three times`;
  },
};

const refundBounds: Check = {
  id: 'refund-bounds',
  title: 'All refunds of a debit together never exceed it, and nothing is refunded of no debit',
  protects: 'All refunds of a debit together never exceed what it took',
  expected:
    'REFUSED for one unit too much, for another currency, for an absent and for a reversed debit; nothing moves, and each stays refused',
  needs: 'customer',
  async examine(at) {
    const before = await at.balance();
    const debit = await aDebited(at);
    at.expectDone('a refund of 3', await at.refund(aRefund(at, debit, 3n)));
    const tooMuch = aRefund(at, debit, SMALL_VALUE - 2n);
    at.expectRefused('a refund of one unit more than is left', await at.refund(tooMuch), 'REFUSED');
    at.expectRefused('that refund, again', await at.refund(tooMuch), 'REFUSED');
    const { otherCurrency } = at.ledger;
    const other = aRefund(at, debit, 1n, otherCurrency);
    at.expectRefused(`a refund in ${otherCurrency}`, await at.refund(other), 'REFUSED');
    const ofNothing = aRefund(at, at.aDebit(), 1n);
    at.expectRefused('a refund of an absent debit', await at.refund(ofNothing), 'REFUSED');
    await at.expectBalance('after one refund and the refused ones', before, 3n - SMALL_VALUE);
    at.expectDone('the reversal', await at.reverse(debit.key));
    at.expectRefused('a refund of a reversed debit', await at.refund(aRefund(at, debit, 1n)), 'REFUSED');
    await at.expectBalance('after the reversal', before, 0n);
    return 'REFUSED REFUSED each time';
  },
};

const refundThenReversal: Check = {
  id: 'refund-then-reversal',
  title: 'A reversal after refunds gives back what they have left, and no more',
  protects: 'A reversal gives back what refunds have left',
  expected: 'DONE, and the balance as before the debit; also when nothing was left',
  needs: 'customer',
  async examine(at) {
    const before = await at.balance();
    for (const value of [3n, SMALL_VALUE]) {
      const debit = await aDebited(at);
      const part = aRefund(at, debit, value);
      const reference = at.expectDone(`a refund of ${value}`, await at.refund(part));
      at.expectDone('the reversal', await at.reverse(debit.key));
      await at.expectBalance(`after a refund of ${value} and the reversal`, before, 0n);
      at.expectDone('the refund, once more', await at.refund(part), reference);
      await at.expectBalance('after that', before, 0n);
    }
    return 'DONE; nothing was given back twice';
  },
};

const refundContent: Check = {
  id: 'refund-content',
  title: 'A key of a refund that was used with other content is never answered',
  protects: 'The content of its key is the debit, currency and value',
  expected: 'UNKNOWN, or any status but 200, for another value or another debit; nothing moves',
  needs: 'customer',
  async examine(at) {
    const before = await at.balance();
    const debit = await aDebited(at);
    const another = await aDebited(at);
    const part = aRefund(at, debit, 3n);
    at.expectDone('a refund of 3', await at.refund(part));
    const more = { ...part, amount: { ...part.amount, value: 4n } };
    at.expectNoAnswer('its key, with one minor unit more', await at.refundOnce(more));
    const ofAnother = { ...part, debitKey: another.key };
    at.expectNoAnswer('its key, of another debit', await at.refundOnce(ofAnother));
    await at.expectBalance('after one refund and the others', before, 3n - 2n * SMALL_VALUE);
    return 'never DONE, never REFUSED';
  },
};

const refundParallel: Check = {
  id: 'refund-parallel',
  title: `${PARALLEL} refunds of one debit at the same moment give back no more than it took`,
  protects: 'also when they arrive at the same moment',
  expected: `${PARALLEL} calls with one key move its amount once; of ${PARALLEL} keys only as many are DONE as fit`,
  needs: 'customer',
  async examine(at) {
    const before = await at.balance();
    await at.openConnections(PARALLEL);
    const debit = await aDebited(at);
    const same = aRefund(at, debit, 1n);
    const calls = await Promise.all(Array.from({ length: PARALLEL }, () => at.refundOnce(same)));
    const reference = at.expectDone('the refund, once more afterwards', await at.refund(same));
    for (const { answer } of calls)
      if (answer.outcome !== 'unknown') at.expectDone('one of the parallel refunds', answer, reference);
    await at.expectBalance(`after ${PARALLEL} calls of one refund`, before, 1n - SMALL_VALUE);
    const each = Array.from({ length: PARALLEL }, () => aRefund(at, debit, 1n));
    await Promise.all(each.map((one) => at.refundOnce(one)));
    const ends: string[] = [];
    for (const one of each) ends.push(inWords(await at.refund(one)).split(' ')[0] ?? '');
    await at.expectBalance(`after ${PARALLEL} refunds of 1`, before, 0n);
    at.expectDone('the reversal', await at.reverse(debit.key));
    await at.expectBalance('after the reversal', before, 0n);
    return counted(ends);
  },
};

async function aDebited(at: Examination): Promise<LedgerDebit> {
  const debit = at.aDebit();
  at.expectDone('the debit', await at.debit(debit));
  return debit;
}

function aRefund(
  at: Examination,
  { key, amount }: LedgerDebit,
  value: bigint,
  currency?: string,
): LedgerRefund {
  const asked = { currency: currency ?? amount.currency, value };
  return { key: at.aKey(), debitKey: key, amount: asked, reason: 'certification' };
}

function referenceOf(seen: { readonly outcome: string; readonly ledgerReference?: string }): string {
  return seen.ledgerReference ?? '';
}

export const REFUND_CHECKS: readonly Check[] = [
  refund,
  refundBounds,
  refundThenReversal,
  refundContent,
  refundParallel,
];
