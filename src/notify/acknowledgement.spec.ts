import { OWN_FAULT_CODES } from '../alipay-plus/codes/result-codes.js';
import { isHostFailure, LISTED_REFUSALS, refusalAdvice, statusAfter } from './acknowledgement.js';

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
  it.each(LISTED_REFUSALS)('%s has its reason in a sentence', (code) => {
    expect(refusalAdvice(code).why).toMatch(/^[A-Z].*\.$/);
  });

  it('never stops for a fault of our own set-up, which can be fixed', () => {
    const setup = LISTED_REFUSALS.map(refusalAdvice).filter(({ about }) => about === 'setup');
    expect(new Set(setup.map(({ next }) => next))).toEqual(new Set(['retry']));
    expect(refusalAdvice('INVALID_SIGNATURE').about).toBe('setup');
  });

  it.each(OWN_FAULT_CODES)('counts %s as a fault of ours, as the table of result codes does', (code) => {
    expect(refusalAdvice(code).about).toBe(code === 'PARAM_ILLEGAL' ? 'message' : 'setup');
  });
});

describe('isHostFailure', () => {
  it.each([
    ['a timeout', { outcome: 'unknown', reason: 'timeout' }],
    ['a refused connection', { outcome: 'unknown', reason: 'connection_refused' }],
    ['a page of HTML', { outcome: 'unknown', reason: 'http_status', httpStatus: 502 }],
    ['an unsigned S', { outcome: 'unknown', reason: 'unsigned' }],
    ['a refusal of our key', { outcome: 'rejected', resultCode: 'INVALID_SIGNATURE' }],
    ['a refusal of our path', { outcome: 'rejected', resultCode: 'NO_INTERFACE_DEF' }],
    ['U about our key', { outcome: 'unknown', reason: 'result_unknown', resultCode: 'KEY_NOT_FOUND' }],
  ])('%s means a failure of the host', (_what, answer) => {
    expect(isHostFailure(answer)).toBe(true);
  });

  it.each([
    ['U', { outcome: 'unknown', reason: 'result_unknown' }],
    ['F', { outcome: 'rejected', resultCode: 'PROCESS_FAIL' }],
    ['F for good', { outcome: 'rejected', resultCode: 'REPEAT_REQ_INCONSISTENT' }],
    ['S', { outcome: 'accepted' }],
    ['a call that was never made', { outcome: 'unknown', reason: 'address_not_public' }],
  ])('a verified %s does not', (_what, answer) => {
    expect(isHostFailure(answer)).toBe(false);
  });
});
