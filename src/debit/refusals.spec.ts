import { paymentResultFaults } from '../alipay-plus/codes/payment-result-codes.js';
import { LEDGER_REFUSAL_CODES } from '../wallet-ledger/wallet-ledger.js';
import { REFUSALS } from './refusals.js';

describe('the effect of a refusal of the ledger', () => {
  it('is defined for every code, and for no other', () => {
    expect(Object.keys(REFUSALS).sort()).toEqual([...LEDGER_REFUSAL_CODES].sort());
  });

  it('leaves the order open only for a balance that is too low or a proof that is wrong, and is a definite no for all but ALREADY_DEBITED', () => {
    const codes = (end: string) => LEDGER_REFUSAL_CODES.filter((code) => REFUSALS[code].end === end);
    expect(codes('reopen')).toEqual(['INSUFFICIENT_BALANCE', 'PROOF_REJECTED']);
    expect(codes('expire')).toEqual(['TOO_LATE']);
    expect(codes('doubt')).toEqual(['ALREADY_DEBITED']);
  });

  it.each(LEDGER_REFUSAL_CODES)('of %s gives Alipay+ only a code that paymentResult allows', (code) => {
    const meaning = REFUSALS[code];
    if (meaning.end !== 'fail') return;
    expect(meaning.result.resultStatus).toBe('F');
    expect(meaning.result.resultMessage).not.toBe('');
    expect(paymentResultFaults(meaning.result, 'notifyPayment')).toEqual([]);
    expect(paymentResultFaults(meaning.result, 'inquiryPayment')).toEqual([]);
  });
});
