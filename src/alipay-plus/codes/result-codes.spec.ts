import {
  isListedResultCode,
  OWN_FAULT_CODES,
  ownFaultOf,
  refusalFor,
  RESULT_CODES,
  slowsDown,
  UNLISTED_REFUSAL,
  type ResultRow,
} from './result-codes.js';

/** From the API page, by hand. */
const LISTED = {
  S: ['SUCCESS'],
  F: [
    'ACCESS_DENIED',
    'BUSINESS_NOT_SUPPORT',
    'CURRENCY_NOT_SUPPORT',
    'EXPIRED_CODE',
    'INVALID_CLIENT',
    'INVALID_CODE',
    'INVALID_CONTRACT',
    'INVALID_SIGNATURE',
    'KEY_NOT_FOUND',
    'MEDIA_TYPE_NOT_ACCEPTABLE',
    'METHOD_NOT_SUPPORTED',
    'NO_INTERFACE_DEF',
    'ORDER_IS_CLOSED',
    'PARAM_ILLEGAL',
    'PROCESS_FAIL',
    'PAYMENT_AMOUNT_EXCEED_LIMIT',
    'USER_AMOUNT_EXCEED_LIMIT',
    'USER_DAILY_AMOUNT_EXCEED_LIMIT',
    'USER_MONTHLY_AMOUNT_EXCEED_LIMIT',
    'USER_YEARLY_AMOUNT_EXCEED_LIMIT',
    'REPEAT_REQ_INCONSISTENT',
  ],
  U: ['REQUEST_TRAFFIC_EXCEED_LIMIT', 'UNKNOWN_EXCEPTION'],
} as const;

const LISTED_F = [...LISTED.F, 'INVALID_API'];

/** By hand: the codes that mean that our id, key, signature, path, headers or message are wrong. */
const OURS: Readonly<Record<string, string>> = {
  ACCESS_DENIED: 'set-up',
  INVALID_API: 'set-up',
  INVALID_CLIENT: 'set-up',
  INVALID_SIGNATURE: 'set-up',
  KEY_NOT_FOUND: 'set-up',
  MEDIA_TYPE_NOT_ACCEPTABLE: 'set-up',
  METHOD_NOT_SUPPORTED: 'set-up',
  NO_INTERFACE_DEF: 'set-up',
  PARAM_ILLEGAL: 'message',
};

const ROWS = Object.entries<ResultRow>(RESULT_CODES);
const REFUSALS = ROWS.flatMap(([code, row]) => (row.status === 'F' ? [[code, row] as const] : []));

describe('the table of result codes', () => {
  it('lists every code of the API, and INVALID_API of its sister', () => {
    const all = [...LISTED.S, ...LISTED_F, ...LISTED.U];
    expect(Object.keys(RESULT_CODES).toSorted()).toEqual(all.toSorted());
  });

  it.each(Object.entries(LISTED).flatMap(([status, codes]) => codes.map((code) => [code, status] as const)))(
    'gives %s its status %s',
    (code, status) => {
      expect(RESULT_CODES[code].status).toBe(status);
    },
  );

  it.each(Object.keys(RESULT_CODES))('says of %s whether the fault is ours', (code) => {
    expect(ownFaultOf(code)).toBe(OURS[code]);
    expect(OWN_FAULT_CODES.includes(code)).toBe(code in OURS);
  });

  it.each(REFUSALS)('answers %s over HTTP with 422, or 409 when another payer has the code', (code, row) => {
    expect(row.httpStatus).toBe(code === 'REPEAT_REQ_INCONSISTENT' ? 409 : 422);
  });

  it.each(REFUSALS)('gives the payer a sentence without a code for %s', (_, { payerText, messageKey }) => {
    expect(payerText).toMatch(/^[A-Z][^_]+\.$/);
    expect(messageKey).toMatch(/^scan\.[a-z_]+$/);
  });

  it('has one text for one message key', () => {
    const texts = new Map(REFUSALS.map(([, { messageKey, payerText }]) => [messageKey, payerText]));
    for (const [, { messageKey, payerText }] of REFUSALS) expect(texts.get(messageKey)).toBe(payerText);
  });

  it('slows all processes down for throttling only', () => {
    expect(Object.keys(RESULT_CODES).filter(slowsDown)).toEqual(['REQUEST_TRAFFIC_EXCEED_LIMIT']);
  });
});

describe('refusalFor', () => {
  it.each([
    ['EXPIRED_CODE', 'SHOW_CODE_EXPIRED'],
    ['INVALID_CODE', 'SHOW_CODE_INVALID'],
    ['ORDER_IS_CLOSED', 'SHOW_ORDER_CLOSED'],
    ['REPEAT_REQ_INCONSISTENT', 'SHOW_CODE_IN_USE'],
    ['USER_DAILY_AMOUNT_EXCEED_LIMIT', 'SHOW_LIMIT_EXCEEDED'],
    ['PROCESS_FAIL', 'CONTACT_SUPPORT'],
  ])('makes the app act on %s by %s', (code, action) => {
    expect(refusalFor(code).action).toBe(action);
  });

  it.each(['BRAND_NEW', '', 'toString', 'constructor', 'SUCCESS', 'REQUEST_TRAFFIC_EXCEED_LIMIT'])(
    'has general words for %j, which is no refusal the table lists',
    (code) => {
      expect(refusalFor(code)).toBe(UNLISTED_REFUSAL);
      expect(ownFaultOf(code)).toBeUndefined();
    },
  );
});

describe('isListedResultCode', () => {
  it('does not accept an inherited property as a code', () => {
    expect(isListedResultCode('constructor')).toBe(false);
    expect(isListedResultCode(undefined)).toBe(false);
  });
});
