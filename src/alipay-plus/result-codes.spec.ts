import { adviceFor, isListedResultCode, RESULT_CODES, type ResultAdvice } from './result-codes.js';

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

const ROWS = Object.entries<ResultAdvice>(RESULT_CODES);

describe('the table of result codes', () => {
  it('lists every code of the API and no other', () => {
    expect(Object.keys(RESULT_CODES).toSorted()).toEqual([...LISTED.S, ...LISTED.F, ...LISTED.U].toSorted());
  });

  it.each(Object.entries(LISTED).flatMap(([status, codes]) => codes.map((code) => [code, status] as const)))(
    'gives %s its status %s',
    (code, status) => {
      expect(adviceFor(status, code)).toMatchObject({ listed: true, status });
      expect(RESULT_CODES[code].status).toBe(status);
    },
  );

  it.each(ROWS)('asks again about %s exactly when its status is U', (_, { status, retry }) => {
    expect(retry !== 'never').toBe(status === 'U');
  });

  it.each(ROWS)('answers %s over HTTP by its status', (code, { status, httpStatus }) => {
    const expected = code === 'REPEAT_REQ_INCONSISTENT' ? 409 : { S: 201, F: 422, U: 202 }[status];
    expect(httpStatus).toBe(expected);
  });

  it.each(ROWS)('tells the payer about %s in a sentence without a code', (_, { payerText, messageKey }) => {
    expect(payerText).toMatch(/^[A-Z][^_]+\.$/);
    expect(messageKey).toMatch(/^scan\.[a-z_]+$/);
  });

  it('has one text for one message key', () => {
    const texts = new Map(ROWS.map(([, { messageKey, payerText }]) => [messageKey, payerText]));
    for (const [, { messageKey, payerText }] of ROWS) expect(texts.get(messageKey)).toBe(payerText);
  });

  it.each([
    ['EXPIRED_CODE', 'SHOW_CODE_EXPIRED'],
    ['INVALID_CODE', 'SHOW_CODE_INVALID'],
    ['ORDER_IS_CLOSED', 'SHOW_ORDER_CLOSED'],
    ['REPEAT_REQ_INCONSISTENT', 'SHOW_CODE_IN_USE'],
    ['USER_DAILY_AMOUNT_EXCEED_LIMIT', 'SHOW_LIMIT_EXCEEDED'],
    ['PROCESS_FAIL', 'CONTACT_SUPPORT'],
  ])('lets the app act on %s by %s', (code, action) => {
    expect(adviceFor('F', code).action).toBe(action);
  });
});

describe('adviceFor', () => {
  it('refuses an unlisted code with F for good, and flags it', () => {
    expect(adviceFor('F', 'BRAND_NEW')).toMatchObject({
      listed: false,
      status: 'F',
      retry: 'never',
      httpStatus: 422,
    });
  });

  it('asks again about an unlisted code with U, and flags it', () => {
    expect(adviceFor('U', 'BRAND_NEW')).toMatchObject({ listed: false, retry: 'later' });
  });

  it.each([undefined, '', 's', 'X', 'FAILED'])('treats the status %j as nobody knows', (status) => {
    expect(adviceFor(status, 'EXPIRED_CODE')).toMatchObject({ status: 'U', retry: 'later' });
  });

  it('lets the status win over a code that comes with another one', () => {
    expect(adviceFor('F', 'REQUEST_TRAFFIC_EXCEED_LIMIT')).toMatchObject({ listed: true, retry: 'never' });
    expect(adviceFor('U', 'EXPIRED_CODE')).toMatchObject({ listed: true, retry: 'later' });
    expect(adviceFor('F', 'SUCCESS')).toMatchObject({ status: 'F', action: 'CONTACT_SUPPORT' });
  });

  it('slows the fleet down for throttling only', () => {
    expect(ROWS.filter(([, { retry }]) => retry === 'slower').map(([code]) => code)).toEqual([
      'REQUEST_TRAFFIC_EXCEED_LIMIT',
    ]);
  });

  it('does not take a property every object has for a code', () => {
    expect(isListedResultCode('constructor')).toBe(false);
    expect(adviceFor('F', 'toString').listed).toBe(false);
  });
});
