import type { LedgerDebit, LedgerRefusalCode } from '../../../src/wallet-ledger/wallet-ledger.js';
import { inWords } from '../answer-words.js';
import { CheckFailure } from '../check-failure.js';
import type { Check } from '../check.js';
import { SMALL_VALUE, type Examination } from '../examination.js';
import type { Purse } from '../purse.js';

/** A refusal, its repeat and its lookup: all three say the same. */
async function expectFinalRefusal(
  at: Examination,
  what: string,
  debit: LedgerDebit,
  code: LedgerRefusalCode,
): Promise<string> {
  at.expectRefused(what, await at.debit(debit), code);
  at.expectRefused(`${what}, again`, await at.debit(debit), code);
  at.expectLookup(`a lookup of ${what}`, await at.lookup(debit.key), { outcome: 'refused', code });
  return `REFUSED ${code}`;
}

const insufficientBalance: Check = {
  id: 'insufficient-balance',
  title: 'A debit beyond the balance is refused, and stays refused for its key when the money is there',
  protects: 'A refusal is final for its key',
  expected:
    'REFUSED INSUFFICIENT_BALANCE, again for its repeat and its lookup, and again once the balance is back',
  needs: 'customer',
  async examine(at) {
    const { poor } = at.ledger;
    const before = await at.balance();
    if (before === undefined && poor === undefined)
      at.skip('needs --poor, because the balance of --customer cannot be measured');
    const found: string[] = [];
    if (poor !== undefined) found.push(`${poor.customerId}: ${await refuseThePoor(at, poor)}`);
    if (before !== undefined) {
      const drain = at.aDebit({ amount: { currency: at.ledger.currency, value: before } });
      at.expectDone('a debit of the whole balance', await at.debit(drain));
      const debit = at.aDebit({ amount: { currency: at.ledger.currency, value: 1n } });
      found.push(await expectFinalRefusal(at, 'a debit of an empty account', debit, 'INSUFFICIENT_BALANCE'));
      at.expectDone('the reversal that fills the account', await at.reverse(drain.key));
      const again = await at.debit(debit);
      at.expectRefused('the refused key, once the money is there', again, 'INSUFFICIENT_BALANCE');
      await at.expectBalance('in the end', before, 0n);
    }
    return found.join('; ');
  },
};

/** The balance of this customer is unknown: successful debits are given back, and the first refusal counts. */
async function refuseThePoor(at: Examination, { customerId, currency }: Purse): Promise<string> {
  for (let value = 10n; value <= 10n ** 15n; value *= 10n) {
    const debit = at.aDebit({ customerId, amount: { currency, value } });
    const answer = await at.debit(debit);
    if (answer.outcome === 'done') await at.reverse(debit.key);
    else
      return expectFinalRefusal(at, `a debit of ${value} from ${customerId}`, debit, 'INSUFFICIENT_BALANCE');
  }
  throw new CheckFailure(`${customerId} was debited ${10n ** 15n}: name a poorer customer`);
}

const unknownCustomer: Check = {
  id: 'unknown-customer',
  title: 'A debit of a customer who does not exist is refused, for ever',
  protects: 'code is one of INSUFFICIENT_BALANCE, CUSTOMER_NOT_FOUND, CUSTOMER_BLOCKED',
  expected: 'REFUSED CUSTOMER_NOT_FOUND, again for its repeat and its lookup',
  needs: 'nobody',
  examine: (at) => {
    const debit = at.aDebit({ customerId: at.ledger.nobody });
    return expectFinalRefusal(at, 'the debit', debit, 'CUSTOMER_NOT_FOUND');
  },
};

const blockedCustomer: Check = {
  id: 'blocked-customer',
  title: 'A debit of a blocked customer is refused, for ever',
  protects: 'code is one of INSUFFICIENT_BALANCE, CUSTOMER_NOT_FOUND, CUSTOMER_BLOCKED',
  expected: 'REFUSED CUSTOMER_BLOCKED, again for its repeat and its lookup',
  needs: 'blocked',
  examine: (at) => {
    const debit = at.aDebit({ customerId: at.ledger.blockedId ?? '' });
    return expectFinalRefusal(at, 'the debit', debit, 'CUSTOMER_BLOCKED');
  },
};

const tooLate: Check = {
  id: 'too-late',
  title: 'A debit after its notAfter is refused, and stays refused with a later one',
  protects: 'Later than notAfter is TOO_LATE, and the key stays refused',
  expected:
    'REFUSED TOO_LATE for a notAfter of a minute and of a day ago, and for the same keys with a later one',
  needs: 'customer',
  async examine(at) {
    const before = await at.balance();
    for (const agoMs of [60_000, 86_400_000]) {
      const debit = at.aDebit({ notAfter: new Date(Date.now() - agoMs) });
      await expectFinalRefusal(at, `a debit with a notAfter ${agoMs / 1000} s ago`, debit, 'TOO_LATE');
      const inTime = { ...debit, notAfter: new Date(Date.now() + 3_600_000) };
      at.expectRefused('its key with a later notAfter', await at.debit(inTime), 'TOO_LATE');
    }
    await at.expectBalance('after all of them', before, 0n);
    return 'REFUSED TOO_LATE';
  },
};

const reversalAfterRefusal: Check = {
  id: 'reversal-after-refusal',
  title: 'A reversal of a refused debit moves nothing, and the refusal stays',
  protects: 'DONE; nothing moves, the refusal stays',
  expected: 'DONE; repeat and lookup of the debit still say the refusal; the balance is as before',
  needs: 'customer',
  async examine(at) {
    const before = await at.balance();
    // Refused for lack of money where possible: a wrong reversal would then pay out money that was never there.
    const value = before === undefined ? SMALL_VALUE : before + 1n;
    const amount = { currency: at.ledger.currency, value };
    const debit = at.aDebit(before === undefined ? { customerId: at.ledger.nobody } : { amount });
    const refusal = await at.debit(debit);
    if (refusal.outcome !== 'refused')
      throw new CheckFailure(`a debit that cannot be done: should be REFUSED, and was ${inWords(refusal)}`);
    at.expectDone('the reversal', await at.reverse(debit.key));
    at.expectRefused('the debit, again', await at.debit(debit), refusal.code);
    at.expectLookup('a lookup', await at.lookup(debit.key), refusal);
    await at.expectBalance('after the reversal', before, 0n);
    return `DONE, then ${inWords(refusal)}`;
  },
};

export const REFUSAL_CHECKS: readonly Check[] = [
  insufficientBalance,
  unknownCustomer,
  blockedCustomer,
  tooLate,
  reversalAfterRefusal,
];
