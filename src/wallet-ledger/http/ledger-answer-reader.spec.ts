import * as fc from 'fast-check';
import { LEDGER_REFUSAL_CODES, type LedgerDebit } from '../wallet-ledger.js';
import { readDebitAnswer, readLookup, readReversalAnswer } from './ledger-answer-reader.js';

const DEBIT: LedgerDebit = {
  key: 'debit-1',
  paymentRequestId: 'order-1',
  customerId: 'payer-1',
  amount: { currency: 'HKD', value: 9007199254740993n },
  notAfter: new Date(0),
  description: '',
};
const AMOUNT = { currency: 'HKD', value: '9007199254740993' };
const DONE = { key: 'debit-1', status: 'DONE', ledgerReference: 'ref-1', amount: AMOUNT };
const REFUSED = { key: 'debit-1', status: 'REFUSED', code: 'CUSTOMER_BLOCKED', amount: AMOUNT };

const readDebit = (answer: unknown) => readDebitAnswer(Buffer.from(JSON.stringify(answer)), DEBIT);
const lookUp = (answer: unknown) => readLookup(Buffer.from(JSON.stringify(answer)), 'debit-1');
const unknown = (reason: string) => ({ outcome: 'unknown', reason });

describe('reading the answer to a debit', () => {
  it('believes done and refused about this key and this amount', () => {
    expect(readDebit(DONE)).toEqual({ outcome: 'done', ledgerReference: 'ref-1' });
    for (const code of LEDGER_REFUSAL_CODES)
      expect(readDebit({ ...REFUSED, code })).toEqual({ outcome: 'refused', code });
  });

  it('ignores fields it does not know and takes null for absent', () => {
    expect(readDebit({ ...DONE, code: null, bookedAt: 'today' })).toMatchObject({ outcome: 'done' });
    expect(readDebit({ ...REFUSED, ledgerReference: null })).toMatchObject({ outcome: 'refused' });
  });

  it.each<[string, unknown, string]>([
    ['UNKNOWN', { ...DONE, status: 'UNKNOWN', ledgerReference: null }, 'ledger_unknown'],
    ['another key', { ...DONE, key: 'debit-2' }, 'other_key'],
    ['no key', { ...DONE, key: undefined }, 'other_key'],
    ['another currency', { ...DONE, amount: { ...AMOUNT, currency: 'JPY' } }, 'other_amount'],
    [
      'a value that a float would take for ours',
      { ...DONE, amount: { ...AMOUNT, value: '9007199254740992' } },
      'other_amount',
    ],
    [
      'a value that is a number',
      { ...DONE, amount: { ...AMOUNT, value: Number(AMOUNT.value) } },
      'other_amount',
    ],
    [
      'a value with a leading zero',
      { ...DONE, amount: { ...AMOUNT, value: '09007199254740993' } },
      'other_amount',
    ],
    ['no amount', { ...DONE, amount: undefined }, 'other_amount'],
    ['a list of amounts', { ...DONE, amount: [AMOUNT] }, 'other_amount'],
    ['a refusal of another amount', { ...REFUSED, amount: { ...AMOUNT, value: '1' } }, 'other_amount'],
    ['a status of another call', { ...DONE, status: 'DEBITED' }, 'bad_status'],
    ['a status in other letters', { ...DONE, status: 'done' }, 'bad_status'],
    ['no status', { ...DONE, status: undefined }, 'bad_status'],
    ['done without reference', { ...DONE, ledgerReference: undefined }, 'bad_ledger_reference'],
    ['an empty reference', { ...DONE, ledgerReference: '' }, 'bad_ledger_reference'],
    ['a reference that is a number', { ...DONE, ledgerReference: 7 }, 'bad_ledger_reference'],
    ['done with a refusal code', { ...DONE, code: 'REFUSED' }, 'contradictory_answer'],
    ['refused with a reference', { ...REFUSED, ledgerReference: 'r' }, 'contradictory_answer'],
    ['refused without code', { ...REFUSED, code: undefined }, 'bad_refusal_code'],
    ['refused with a code nobody agreed on', { ...REFUSED, code: 'NO_MOOD' }, 'bad_refusal_code'],
    ['a list', [DONE], 'unreadable'],
    ['null', null, 'unreadable'],
    ['text', 'DONE', 'unreadable'],
  ])('reads %s as unknown', (_what, answer, reason) => expect(readDebit(answer)).toEqual(unknown(reason)));

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['half an object', Buffer.from(JSON.stringify(DONE).slice(0, -1))],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['a status told twice', Buffer.from(JSON.stringify(REFUSED).replace('{', '{"status":"DONE",'))],
  ])('reads %s as unreadable', (_what, body) =>
    expect(readDebitAnswer(body, DEBIT)).toEqual(unknown('unreadable')),
  );

  it('never throws and never believes random JSON', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(readDebitAnswer(Buffer.from(text), DEBIT).outcome).toBe('unknown');
        expect(readLookup(Buffer.from(text), DEBIT.key).outcome).toBe('unknown');
        expect(readReversalAnswer(Buffer.from(text), DEBIT.key).outcome).toBe('unknown');
      }),
    );
  });
});

describe('reading the answer to a lookup', () => {
  it('believes each of the four states', () => {
    const about = { key: 'debit-1', ledgerReference: 'ref-1' };
    const amount = { currency: 'HKD', value: '123456789012345678901234567890' };
    expect(lookUp({ ...about, status: 'DEBITED', customerId: 'payer-1', amount })).toEqual({
      outcome: 'debited',
      ledgerReference: 'ref-1',
      customerId: 'payer-1',
      amount: { currency: 'HKD', value: 123456789012345678901234567890n },
    });
    expect(lookUp({ ...about, status: 'REVERSED' })).toEqual({
      outcome: 'reversed',
      ledgerReference: 'ref-1',
    });
    expect(lookUp({ key: 'debit-1', status: 'ABSENT' })).toEqual({ outcome: 'absent' });
    expect(lookUp({ key: 'debit-1', status: 'REFUSED', code: 'TOO_LATE' })).toEqual({
      outcome: 'refused',
      code: 'TOO_LATE',
    });
  });

  it.each<[string, unknown, string]>([
    ['absence of another key', { key: 'debit-2', status: 'ABSENT' }, 'other_key'],
    [
      'absence with a reference',
      { key: 'debit-1', status: 'ABSENT', ledgerReference: 'r' },
      'contradictory_answer',
    ],
    [
      'a debit without reference',
      { key: 'debit-1', status: 'DEBITED', customerId: 'payer-1', amount: AMOUNT },
      'bad_ledger_reference',
    ],
    ...[undefined, null, 'HKD 8518', {}, { ...AMOUNT, value: 8518 }, { ...AMOUNT, value: '08518' }].map(
      (amount): [string, unknown, string] => [
        `a debit of ${JSON.stringify(amount)}`,
        { key: 'debit-1', status: 'DEBITED', ledgerReference: 'r', amount },
        'other_amount',
      ],
    ),
    ...[undefined, null, '', 7].map((customerId): [string, unknown, string] => [
      `a debit of the customer ${JSON.stringify(customerId)}`,
      { key: 'debit-1', status: 'DEBITED', ledgerReference: 'r', amount: AMOUNT, customerId },
      'other_customer',
    ]),
    ['UNKNOWN', { key: 'debit-1', status: 'UNKNOWN' }, 'ledger_unknown'],
    ['a status of another call', { key: 'debit-1', status: 'DONE', ledgerReference: 'r' }, 'bad_status'],
  ])('reads %s as unknown', (_what, answer, reason) => expect(lookUp(answer)).toEqual(unknown(reason)));
});

describe('reading the answer to a reversal', () => {
  const read = (answer: unknown) => readReversalAnswer(Buffer.from(JSON.stringify(answer)), 'debit-1');

  it('believes done and refused about this key, without an amount', () => {
    expect(read({ key: 'debit-1', status: 'DONE', ledgerReference: 'r' })).toEqual({
      outcome: 'done',
      ledgerReference: 'r',
    });
    expect(read({ key: 'debit-1', status: 'REFUSED', code: 'REFUSED' })).toMatchObject({
      outcome: 'refused',
    });
  });

  it('reads the reversal of another key as unknown', () => {
    expect(read({ key: 'debit-2', status: 'DONE', ledgerReference: 'r' })).toEqual(unknown('other_key'));
  });
});
