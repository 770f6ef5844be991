import { OWN_FAULT_CODES } from '../alipay-plus/codes/result-codes.js';
import { LISTED_REFUSALS, refusalAdvice, statusAfter } from './acknowledgement.js';

const STOPPING = ['REPEAT_REQ_INCONSISTENT', 'ORDER_NOT_EXIST', 'ORDER_IS_CLOSED', 'PARAM_ILLEGAL'];

describe('statusAfter', () => {
  it.each(LISTED_REFUSALS.map((code) => [code, STOPPING.includes(code) ? 'REJECTED' : 'PENDING']))(
    'a verified F %s leaves it %s',
    (code, status) => {
      expect(statusAfter('rejected', code)).toBe(status);
    },
  );

  it.each([...LISTED_REFUSALS, undefined])('an answer that proves nothing leaves it pending: %s', (code) => {
    expect(statusAfter('unknown', code)).toBe('PENDING');
  });

  it.each(['NEVER_SEEN_BEFORE', 'toString', '', undefined])(
    'a refusal nobody has listed is tried again: %s',
    (code) => {
      expect(statusAfter('rejected', code)).toBe('PENDING');
    },
  );

  it('only a verified S delivers it', () => {
    expect(statusAfter('accepted', 'SUCCESS')).toBe('DELIVERED');
  });
});

describe('the table of refusals', () => {
  it.each(LISTED_REFUSALS)('%s says why in a sentence', (code) => {
    expect(refusalAdvice(code).why).toMatch(/^[A-Z].*\.$/);
  });

  it('never stops for a fault of our own set-up, which can be mended', () => {
    const setup = LISTED_REFUSALS.map(refusalAdvice).filter(({ about }) => about === 'setup');
    expect(new Set(setup.map(({ next }) => next))).toEqual(new Set(['retry']));
    expect(refusalAdvice('INVALID_SIGNATURE').about).toBe('setup');
  });

  it.each(OWN_FAULT_CODES)('takes %s for a fault of ours, as the table of result codes does', (code) => {
    expect(refusalAdvice(code).about).toBe(code === 'PARAM_ILLEGAL' ? 'message' : 'setup');
  });
});
