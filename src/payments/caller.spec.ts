import { maySee, mustActFor } from './caller.js';

const anyCustomer = { name: 'wallet-app', scopes: new Set(['payments:write']) };
const one = { ...anyCustomer, subject: 'customer-1' };

describe('a token', () => {
  it('for everybody acts for and sees every customer', () => {
    expect(() => mustActFor(anyCustomer, 'customer-2')).not.toThrow();
    expect(maySee(anyCustomer, 'customer-2')).toBe(true);
  });

  it('for one customer acts for and sees no other', () => {
    expect(() => mustActFor(one, 'customer-1')).not.toThrow();
    expect(maySee(one, 'customer-1')).toBe(true);
    expect(maySee(one, 'customer-2')).toBe(false);
    expect(() => mustActFor(one, 'customer-2')).toThrow('FORBIDDEN_CUSTOMER');
  });
});
