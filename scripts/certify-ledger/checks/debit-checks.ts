import { HttpService } from '@nestjs/axios';
import { HttpWalletLedger } from '../../../src/wallet-ledger/http/http-wallet-ledger.js';
import { counted, inWords } from '../answer-words.js';
import type { Check } from '../check.js';
import { SMALL_VALUE, type Examination } from '../examination.js';

const PARALLEL = 20;
const ROUNDS = 3;

const debitDone: Check = {
  id: 'debit-done',
  title: 'A debit is done, echoed exactly, and takes exactly its amount',
  protects: 'always with the key and the amount that your books show for it',
  expected:
    'DONE with a reference, key and amount echoed; the balance is less by the amount; a lookup agrees',
  needs: 'customer',
  async examine(at) {
    const before = await at.balance();
    // More than ASCII: the signature is over bytes, and the bytes of this text are not its characters.
    const debit = at.aDebit({ description: 'Tea House 茶屋 "half\\price" ☕' });
    const ledgerReference = at.expectDone('the debit', await at.debit(debit));
    await at.expectBalance('after the debit', before, -debit.amount.value);
    const adapter = new HttpWalletLedger(new HttpService(), at.client.address);
    const seen = await adapter.lookup(debit.key);
    at.expectDebited("a lookup by the service's own adapter", seen, debit, ledgerReference);
    return `DONE ${ledgerReference}${before === undefined ? '' : `; ${before} before, ${before - SMALL_VALUE} after`}`;
  },
};

const debitRepeated: Check = {
  id: 'debit-repeated',
  title: 'The same debit again gets the same answer and moves nothing',
  protects: 'One key, one movement',
  expected: 'DONE with the same reference five times; the money went once',
  needs: 'customer',
  async examine(at) {
    const before = await at.balance();
    const debit = at.aDebit();
    const reference = at.expectDone('the first debit', await at.debit(debit));
    for (let repeat = 2; repeat <= 5; repeat += 1)
      at.expectDone(`debit number ${repeat}`, await at.debit(debit), reference);
    await at.expectBalance('after five debits with one key', before, -SMALL_VALUE);
    return `DONE ${reference} five times`;
  },
};

const deadlineOnRepeat: Check = {
  id: 'deadline-on-repeat',
  title: 'A debit that is done stays done when it is asked for again after its notAfter',
  protects: 'notAfter and description may differ between repeats',
  expected: 'DONE with the same reference, although notAfter has passed and the description is another one',
  needs: 'customer',
  async examine(at) {
    const before = await at.balance();
    const debit = at.aDebit();
    const reference = at.expectDone('the debit', await at.debit(debit));
    const late = { ...debit, notAfter: new Date(Date.now() - 60_000), description: 'asked again' };
    at.expectDone('the repeat after its deadline', await at.debit(late), reference);
    await at.expectBalance('after both', before, -SMALL_VALUE);
    return `DONE ${reference} both times`;
  },
};

const requestReplayed: Check = {
  id: 'request-replayed',
  title: 'A request that is replayed byte for byte is harmless',
  protects: 'A request that is repeated later is harmless: the key makes it so',
  expected:
    'DONE with the same reference, or no answer (a ledger may refuse the replay); the money went once',
  needs: 'customer',
  async examine(at) {
    const before = await at.balance();
    const debit = at.aDebit();
    const request = at.client.debitRequest(debit);
    const first = await at.debitOnce(debit, request);
    const settled = first.answer.outcome === 'unknown' ? await at.debit(debit) : first.answer;
    const reference = at.expectDone('the request', settled);
    const { answer } = await at.debitOnce(debit, request);
    if (answer.outcome !== 'unknown') at.expectDone('its replay', answer, reference);
    await at.expectBalance('after the replay', before, -SMALL_VALUE);
    return `DONE ${reference}, then ${inWords(answer)}`;
  },
};

const debitParallel: Check = {
  id: 'debit-parallel',
  title: `${PARALLEL} debits with one key at the same moment are one debit`,
  protects: 'also when two hundred calls with it arrive at once',
  expected: 'one reference in all answers (UNKNOWN is allowed while it is being booked); the money went once',
  needs: 'customer',
  async examine(at) {
    let before = await at.balance();
    const found: string[] = [];
    await at.openConnections(PARALLEL);
    for (let round = 1; round <= ROUNDS; round += 1) {
      const debit = at.aDebit();
      const replies = await Promise.all(Array.from({ length: PARALLEL }, () => at.debitOnce(debit)));
      const reference = at.expectDone('the debit, asked once more afterwards', await at.debit(debit));
      for (const { answer } of replies)
        if (answer.outcome !== 'unknown') at.expectDone('one of the parallel debits', answer, reference);
      before = await at.expectBalance(`after ${PARALLEL} parallel debits`, before, -SMALL_VALUE);
      found.push(...replies.map(({ answer }) => inWords(answer)));
    }
    return counted(found);
  },
};

const orderOnce: Check = {
  id: 'order-once',
  title:
    'A second debit of one order under another key is refused, also at the same moment and after its reversal',
  protects: 'One order, one debit',
  expected:
    'REFUSED ALREADY_DEBITED for every other key of the order; a key refused before leaves the order open; the money went once',
  needs: 'customer',
  async examine(at) {
    const before = await at.balance();
    const debit = at.aDebit();
    const { paymentRequestId } = debit;
    const refused = at.aDebit({ paymentRequestId, customerId: at.ledger.nobody });
    at.expectRefused('a debit of nobody', await at.debit(refused), 'CUSTOMER_NOT_FOUND');
    const reference = at.expectDone('the next debit of its order', await at.debit(debit));
    const another = at.aDebit({ paymentRequestId });
    at.expectRefused('another key', await at.debit(another), 'ALREADY_DEBITED');
    at.expectRefused('that key, again', await at.debit(another), 'ALREADY_DEBITED');
    at.expectDone('the first key, again', await at.debit(debit), reference);
    await at.expectBalance('after all of them', before, -SMALL_VALUE);
    at.expectDone('the reversal', await at.reverse(debit.key));
    const late = at.aDebit({ paymentRequestId });
    at.expectRefused('another key after the reversal', await at.debit(late), 'ALREADY_DEBITED');
    await at.expectBalance('in the end', before, 0n);
    return `${await parallelKeys(at)}; REFUSED ALREADY_DEBITED before and after the reversal`;
  },
};

/** Keys of one order at the same moment: a call without a definite answer is repeated afterwards. */
async function parallelKeys(at: Examination): Promise<string> {
  const before = await at.balance();
  const { paymentRequestId } = at.aDebit();
  const debits = Array.from({ length: PARALLEL }, () => at.aDebit({ paymentRequestId }));
  await at.openConnections(PARALLEL);
  await Promise.all(debits.map((debit) => at.debitOnce(debit)));
  const answers: string[] = [];
  for (const debit of debits) {
    const answer = await at.debit(debit);
    if (answer.outcome !== 'done') at.expectRefused('one of the parallel keys', answer, 'ALREADY_DEBITED');
    answers.push(answer.outcome.toUpperCase());
  }
  await at.expectBalance(`after ${PARALLEL} keys at the same moment`, before, -SMALL_VALUE);
  return counted(answers);
}

export const DEBIT_CHECKS: readonly Check[] = [
  debitDone,
  debitRepeated,
  deadlineOnRepeat,
  requestReplayed,
  debitParallel,
  orderOnce,
];
