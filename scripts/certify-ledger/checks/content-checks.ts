import { randomBytes } from 'node:crypto';
import type { LedgerDebit } from '../../../src/wallet-ledger/wallet-ledger.js';
import { inWords } from '../answer-words.js';
import { CheckFailure } from '../check-failure.js';
import type { Check } from '../check.js';
import { debitFields, statusWord } from '../core-client.js';
import { SMALL_VALUE, type Examination } from '../examination.js';

const otherContent: Check = {
  id: 'other-content',
  title: 'A key that was used with other content never debits and is never answered',
  protects:
    'A key is answered once and keeps its answer for ever. Its content is customerId, currency and value',
  expected:
    'UNKNOWN, or any status but 200, for another value, currency or customer; no money moves anywhere',
  needs: 'customer',
  async examine(at) {
    const { payersOther, poor } = at.ledger;
    const before = await at.balance();
    const payersOtherBefore = await payersOther?.balance();
    const poorBefore = poor === undefined ? undefined : await at.balance(poor);
    if (poor === undefined) at.unproven.push("that no other customer's money moves, which needs --poor");
    const debit = at.aDebit({ amount: { currency: at.ledger.currency, value: 1n } });
    const ledgerReference = at.expectDone('the first debit', await at.debit(debit));
    for (const [what, other] of contentsUnlike(debit, at))
      at.expectNoAnswer(`the key of a debit, with ${what}`, await at.debitOnce(other));
    at.expectDebited('a lookup', await at.lookup(debit.key), debit, ledgerReference);
    await at.expectBalance('after one debit and the others', before, -1n);
    await at.expectBalance(`after that, in ${at.ledger.otherCurrency}`, payersOtherBefore, 0n, payersOther);
    await at.expectBalance('after that', poorBefore, 0n, poor);

    await at.reverse(debit.key);
    for (const [what, other] of contentsUnlike(debit, at))
      at.expectNoAnswer(`the key of a reversed debit, with ${what}`, await at.debitOnce(other));
    const refused = at.aDebit({ customerId: at.ledger.nobody });
    await at.debit(refused);
    at.expectNoAnswer(
      'the key of a refused debit, with the payer',
      await at.debitOnce(at.aDebit({ key: refused.key })),
    );
    await at.expectBalance('after the reversal', before, 0n);
    return 'never DONE, never REFUSED';
  },
};

function contentsUnlike(debit: LedgerDebit, at: Examination): [string, LedgerDebit][] {
  const { currency, value } = debit.amount;
  const { poor, nobody, otherCurrency } = at.ledger;
  return [
    ['one minor unit more', { ...debit, amount: { currency, value: value + 1n } }],
    [`${otherCurrency} instead of ${currency}`, { ...debit, amount: { currency: otherCurrency, value } }],
    ['another customer', { ...debit, customerId: poor?.customerId ?? nobody }],
  ];
}

/** Each is odd, and a double rounds it to the number below. */
const BIG_VALUES = [9_007_199_254_740_993n, 123_456_789_012_345_678_901_234_567_891n];

const bigAmounts: Check = {
  id: 'big-amounts',
  title: 'Values beyond 2^53 and of 30 digits are done or refused exactly, never rounded',
  protects: 'and without an upper limit. Never read them into a float',
  expected: 'DONE or REFUSED with every digit echoed; the same key with one minor unit less is other content',
  needs: 'nobody',
  async examine(at) {
    const found: string[] = [];
    for (const value of BIG_VALUES) {
      const before = await at.balance();
      const debit = at.aDebit({ amount: { currency: at.ledger.currency, value } });
      const answer = await at.debit(debit);
      if (answer.outcome === 'unknown')
        throw new CheckFailure(`a debit of ${value}: should be DONE or REFUSED, and was ${inWords(answer)}`);
      const less = { ...debit, amount: { ...debit.amount, value: value - 1n } };
      at.expectNoAnswer(`the key of a debit of ${value}, with ${value - 1n}`, await at.debitOnce(less));
      const taken = answer.outcome === 'done' ? value : 0n;
      await at.expectBalance(`after a debit of ${value}`, before, -taken);
      found.push(`${value}: ${inWords(answer)}`);
      await at.reverse(debit.key);
      await at.expectBalance('after its reversal', before, 0n);
    }
    return found.join('; ');
  },
};

/** Values that the contract does not allow for a debit, by the field they replace. */
const WRONG_AMOUNTS: readonly [string, string][] = [
  ['a leading zero', '"007"'],
  ['a JSON number', '7'],
  ['a large JSON number', '9007199254740993'],
  ['a decimal point', '"7.00"'],
  ['a sign', '"+7"'],
  ['a negative value', '"-7"'],
  ['zero', '"0"'],
  ['no digits', '""'],
  ['a blank', '" 7"'],
  ['an exponent', '"7e0"'],
  ['hexadecimal digits', '"0x7"'],
  ['null', 'null'],
];

const malformedDebit: Check = {
  id: 'malformed-debit',
  title: 'An amount that is not whole minor units as text, or half a request, debits nothing',
  protects: 'A request that is not by this contract is answered 400 and moves nothing',
  expected: 'anything but DONE, and a lookup that is not DEBITED; the money stays',
  needs: 'customer',
  async examine(at) {
    const before = await at.balance();
    const wrongValues = WRONG_AMOUNTS.map(([what, value]): [string, (text: string) => string] => [
      `a value with ${what}`,
      (text) => text.replace(`"value":"${SMALL_VALUE}"`, `"value":${value}`),
    ]);
    const wrongBodies: [string, (text: string) => string][] = [
      ['no customerId', (text) => text.replace('"customerId"', '"customer"')],
      ['no notAfter', (text) => text.replace('"notAfter"', '"until"')],
      ['a notAfter that is no time', (text) => text.replace(/"notAfter":"[^"]+"/, '"notAfter":"tomorrow"')],
      ['half of its JSON', (text) => text.slice(0, text.length / 2)],
    ];
    const all = [...wrongValues, ...wrongBodies];
    for (const [what, spoil] of all) await expectNotTaken(at, what, spoil);
    await at.expectBalance('after all of them', before, 0n);
    return `none of ${all.length} was taken`;
  },
};

async function expectNotTaken(at: Examination, what: string, spoil: (text: string) => string): Promise<void> {
  const debit = at.aDebit();
  const { key } = debit;
  const body = Buffer.from(spoil(JSON.stringify(debitFields(debit))), 'utf8');
  const { exchange } = await at.debitOnce(
    debit,
    at.client.signed({ method: 'POST', path: '/debits', key, body }),
  );
  if (statusWord(exchange) === 'DONE') throw new CheckFailure(`a debit with ${what}: was DONE`);
  const seen = await at.lookup(key);
  if (seen.outcome === 'debited' || seen.outcome === 'reversed')
    throw new CheckFailure(`a debit with ${what}: a lookup afterwards was ${inWords(seen)}`);
}

const longKey: Check = {
  id: 'long-key',
  title: 'A key of 128 printable characters is carried whole, percent-encoded in the path',
  protects: 'A key is 1 to 128 printable ASCII characters, without blanks, that start with a letter or digit',
  expected: 'two keys that differ in their last character only are two debits; lookup and reversal find each',
  needs: 'customer',
  async examine(at) {
    const before = await at.balance();
    const stem = `k/a?b=c&d#e%20%2F'(f)"<g>\\h;:@+,$!*[]{}|^\`~../${randomBytes(64).toString('hex')}`.slice(
      0,
      127,
    );
    const keys = [`${stem}1`, `${stem}2`];
    const references = [];
    for (const key of keys) {
      at.expectLookup('a lookup before', await at.lookup(key), { outcome: 'absent' });
      references.push(at.expectDone('the debit', await at.debit(at.aDebit({ key }))));
    }
    await at.expectBalance('after both debits', before, -2n * SMALL_VALUE);
    for (const [index, key] of keys.entries()) {
      const ledgerReference = references[index] ?? '';
      at.expectDebited('a lookup', await at.lookup(key), at.aDebit({ key }), ledgerReference);
      at.expectDone('the reversal', await at.reverse(key));
    }
    await at.expectBalance('after both reversals', before, 0n);
    return `DONE ${references.join(' and ')}`;
  },
};

export const CONTENT_CHECKS: readonly Check[] = [otherContent, bigAmounts, malformedDebit, longKey];
