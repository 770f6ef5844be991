import { debit, found, key, notification, type Change } from './support/drill/changed-books.js';

/** A drill that cannot fail proves nothing: each test puts one mistake into books that agree. */

const NOT_PAID = {
  order: { debits: [], notification: { ...notification, resultStatus: 'F' } },
  keys: [],
  twin: { status: 'FAILED', acknowledgedResult: 'F' },
};
const NOT_ISSUED: Change = {
  order: null,
  twin: { status: 'NOT_ISSUED', isCancelWanted: true, isCancelled: true },
};
const UNDONE: Change = {
  order: { status: 'CANCELLED', isCancelRequested: true, debits: [{ ...debit, status: 'REVERSED' }] },
  keys: [{ ...key, isReversed: true }],
  twin: { status: 'CANCELLED', isCancelWanted: true, isCancelled: true },
};

describe('books that agree', () => {
  test.each<[string, Change]>([
    ['a paid order', {}],
    ['a paid order that the payer was shown', { witnesses: [{ scanId: 'scan-1', shown: 'PAID' }] }],
    ['an order that was declined', { ...NOT_PAID, order: { ...NOT_PAID.order, status: 'DECLINED' } }],
    [
      'an order that failed',
      {
        ...NOT_PAID,
        order: { ...NOT_PAID.order, status: 'FAILED', debits: [{ ...debit, status: 'REFUSED' }] },
        keys: [{ ...key, kind: 'REFUSAL' }],
      },
    ],
    ['an order that was paid and then cancelled', UNDONE],
    [
      'the same, shown as paid before',
      { ...UNDONE, witnesses: [{ paymentRequestId: '2020-1', shown: 'PAID' }] },
    ],
    [
      'a debit that was refused before the one that went through',
      {
        order: { debits: [{ ...debit, debitId: 'debit-0', status: 'REFUSED' }, debit] },
        keys: [{ ...key, key: 'debit-0', kind: 'REFUSAL' }, key],
      },
    ],
    ['an order that never reached us', { order: null, scan: { status: 'GIVEN_UP' }, keys: [] }],
    ['an id that was only cancelled', { ...NOT_ISSUED, keys: [] }],
    [
      'an order with a surcharge',
      {
        order: {
          payAmount: { currency: 'HKD', value: '8916' },
          debits: [{ ...debit, amount: { currency: 'HKD', value: '8916' } }],
        },
        keys: [{ ...key, amount: { currency: 'HKD', value: '8916' } }],
        twin: { surchargeAmount: { currency: 'HKD', value: '8916' } },
      },
    ],
  ])('%s', (_what, change) => {
    expect(found(change)).toEqual([]);
  });
});

describe('lost money or records', () => {
  test('an order that the twin issued and we do not have', () => {
    expect(found({ order: null, keys: [] })).toEqual([
      'lost: 2020-1: was issued by the twin and is unknown to us',
    ]);
  });

  test('the money of a paid order', () => {
    expect(found({ keys: [] })).toContain('lost: 2020-1: is PAID, and the ledger holds no money for it');
  });

  test('money that was given back although the order stayed paid', () => {
    expect(found({ keys: [{ ...key, isReversed: true }] })).toContain(
      'lost: 2020-1: is PAID, and the ledger holds no money for it',
    );
  });

  test('a scan, a payment or a result that an app got as an answer', () => {
    const witnesses = [
      { scanId: 'scan-2' },
      { scanId: 'scan-1', paymentRequestId: '2020-2', shown: 'PAID' },
      { paymentRequestId: '2020-1', shown: 'PAID' },
    ];
    expect(found({ ...NOT_PAID, order: { ...NOT_PAID.order, status: 'EXPIRED' }, witnesses })).toEqual([
      'lost: scan scan-2: an app was told of this scan, and it is not there',
      'lost: 2020-2: an app was shown this payment, and it is not there',
      'lost: 2020-1: an app was shown PAID, and it is EXPIRED',
    ]);
  });
});

describe('doubled money', () => {
  test('a second debit', () => {
    const second = { ...debit, debitId: 'debit-2' };
    expect(found({ order: { debits: [debit, second] }, keys: [key, { ...key, key: 'debit-2' }] })).toEqual([
      'doubled: 2020-1: is PAID, and the ledger holds 2 debits for it',
      'doubled: 2020-1: the ledger has taken money for it 2 times',
    ]);
  });

  test('a second debit that was given back', () => {
    const second = { ...debit, debitId: 'debit-2', status: 'REVERSED' };
    const keys = [key, { ...key, key: 'debit-2', isReversed: true }];
    expect(found({ order: { debits: [debit, second] }, keys })).toEqual([
      'doubled: 2020-1: the ledger has taken money for it 2 times',
    ]);
  });

  test('money taken for an order that was not paid', () => {
    expect(
      found({ order: { ...NOT_PAID.order, status: 'EXPIRED', debits: [debit] }, twin: NOT_PAID.twin }),
    ).toContain('doubled: 2020-1: is EXPIRED, and the ledger holds 1 debits for it');
  });

  test('a debit under a key that no order of ours has', () => {
    expect(found({ keys: [key, { ...key, key: 'stray' }] })).toEqual([
      'doubled: key stray: is a debit without an intent of ours',
    ]);
  });
});

describe('amounts', () => {
  test('the ledger took another amount, to the last minor unit', () => {
    const value = '900719925474099312346';
    const pay = { currency: 'HKD', value: '900719925474099312345' };
    const change = {
      order: { payToAmount: pay, payAmount: pay, debits: [{ ...debit, amount: pay }] },
      twin: { payToAmount: pay },
    };
    expect(found({ ...change, keys: [{ ...key, amount: { currency: 'HKD', value } }] })).toEqual([
      `amount: 2020-1: the ledger was asked for ${value} HKD of payer instead of ${pay.value} HKD of payer`,
    ]);
  });

  test('the ledger took it from another customer', () => {
    expect(found({ keys: [{ ...key, customerId: 'other' }] })).toEqual([
      'amount: 2020-1: the ledger was asked for 8518 HKD of other instead of 8518 HKD of payer',
    ]);
  });

  test('the twin issued other amounts', () => {
    expect(found({ twin: { paymentAmount: { currency: 'JPY', value: '1000' } } })).toEqual([
      'amount: 2020-1: paymentAmount is 995 JPY with us and 1000 JPY with the twin',
    ]);
    expect(found({ twin: { surchargeAmount: { currency: 'HKD', value: '8916' } } })).toEqual([
      'amount: 2020-1: what the payer pays is 8518 HKD with us and 8916 HKD with the twin',
    ]);
  });
});

describe('partial refunds', () => {
  const back = { currency: 'HKD', value: '257' };
  const refund = { refundId: 'refund-1', refundRequestId: 'r-1', status: 'REFUNDED', backAmount: back };
  const made = { key: 'refund-1', debitKey: 'debit-1', amount: back };
  const asked = { refundRequestId: 'r-1', result: 'S', fields: {} };
  const twin = { refunds: [asked] };

  test('a refund that the three books agree on', () => {
    expect(found({ order: { refunds: [refund] }, refunds: [made], twin })).toEqual([]);
  });

  test.each<[string, Change, string[]]>([
    [
      'more than was paid',
      {
        order: { refunds: [{ ...refund, backAmount: { ...back, value: '8519' } }] },
        refunds: [{ ...made, amount: { ...back, value: '8519' } }],
        twin,
      },
      ['doubled: 2020-1: 8519 was refunded of 8518 HKD that was paid'],
    ],
    [
      'a refund twice',
      { order: { refunds: [refund] }, refunds: [made, { ...made, key: 'refund-2' }], twin },
      ['doubled: 2020-1: the ledger has made a refund that is none of ours'],
    ],
    [
      'a refund that the ledger did not make',
      { order: { refunds: [refund] }, twin },
      ['lost: 2020-1: its refund r-1 is not in the ledger'],
    ],
    [
      'a refund of another amount',
      {
        order: { refunds: [refund] },
        refunds: [{ ...made, amount: { ...back, value: '256' } }],
        twin,
      },
      ['amount: 2020-1: its refund r-1 is over 257 HKD with us and 256 HKD in the ledger'],
    ],
    [
      'a refusal that was made',
      { order: { refunds: [{ ...refund, status: 'REFUSED' }] }, refunds: [made], twin },
      [
        'contradiction: 2020-1: its refund r-1 was refused and made',
        'contradiction: 2020-1: the twin was told S of its refund r-1, which is REFUSED',
      ],
    ],
    [
      'a refund that nobody answered or finished',
      {
        order: { refunds: [{ ...refund, status: 'IN_DOUBT' }] },
        twin: { refunds: [{ ...asked, result: null }] },
      },
      [
        'unfinished: 2020-1: its refund r-1 is IN_DOUBT',
        'unfinished: 2020-1: the twin has no answer to its refund r-1',
      ],
    ],
    [
      'a refund that we do not have',
      { twin },
      ['contradiction: 2020-1: the twin was told S of its refund r-1, which is not there'],
    ],
  ])('%s', (_what, change, lines) => {
    expect(found(change)).toEqual(lines);
  });
});

describe('unacknowledged results', () => {
  test('the twin never acknowledged, whatever we recorded', () => {
    expect(found({ twin: { acknowledgedResult: null, status: 'DECODED', toldSha256: [] } })).toEqual([
      'unacknowledged: 2020-1: the twin has not acknowledged its result',
    ]);
  });

  test.each(['PENDING', 'PARKED', 'REJECTED'])('a notification that is %s', (status) => {
    expect(found({ order: { notification: { ...notification, status } } })).toEqual([
      `unacknowledged: 2020-1: its notification is ${status}`,
    ]);
  });

  test('a final order without a notification', () => {
    expect(found({ order: { notification: null } })).toEqual([
      'unacknowledged: 2020-1: is PAID and was never told',
    ]);
  });
});

describe('contradictions', () => {
  test.each<[string, Change, string]>([
    ['another result was told', { twin: { acknowledgedResult: 'F' } }, '2020-1: the twin was told F'],
    [
      'other bytes were told',
      { twin: { toldSha256: ['aa', 'bb'] } },
      '2020-1: the twin was told other bytes than the frozen ones',
    ],
    [
      'an F was frozen for a paid order',
      {
        order: { notification: { ...notification, resultStatus: 'F' } },
        twin: { acknowledgedResult: 'F' },
      },
      '2020-1: is PAID and its notification says F',
    ],
    [
      'a cancel that did nothing',
      { twin: { status: 'CANCELLED', isCancelWanted: true, isCancelled: true } },
      '2020-1: the twin has cancelled it, and it is PAID with us',
    ],
    [
      'a cancel that nobody sent',
      { ...UNDONE, twin: {} },
      '2020-1: is CANCELLED with us, and the twin never cancelled it',
    ],
    ['an order that nobody issued', { twin: null }, '2020-1: is an order of ours that the twin never issued'],
    [
      'a debit that stands differently',
      { order: { debits: [{ ...debit, status: 'REVERSED' }] } },
      '2020-1: its debit is REVERSED with us and DEBITED in the ledger',
    ],
    ['a ledger that does not add up', { faults: ['MOVEMENT_NOT_ZERO'] }, 'the ledger: MOVEMENT_NOT_ZERO'],
    ['a defect the twin found', { defects: ['INQUIRY_DISAGREES'] }, 'the twin: INQUIRY_DISAGREES'],
  ])('%s', (_what, change, line) => {
    expect(found(change)).toEqual([`contradiction: ${line}`]);
  });
});

describe('unfinished payments', () => {
  test('an order, its debit, a scan, a cancel', () => {
    const open = {
      status: 'DEBITING',
      debits: [{ ...debit, status: 'IN_DOUBT' }],
      notification: null,
    };
    const change: Change = {
      order: open,
      scan: { status: 'PENDING' },
      keys: [],
      twin: { status: 'DECODED', acknowledgedResult: null, toldSha256: [], isCancelWanted: true },
    };
    expect(found(change)).toEqual([
      'unfinished: 2020-1: is still DEBITING',
      'unfinished: 2020-1: its debit is IN_DOUBT',
      'unfinished: 2020-1: the twin cancelled it and has no answer that it believes',
      'unfinished: scan scan-1: is still PENDING',
    ]);
  });
});
