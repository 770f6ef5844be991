import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { KnownIdPipe, maySee, mustActFor } from './caller.js';

const anyCustomer = { name: 'wallet-app', scopes: new Set(['payments:write']) };
const one = { ...anyCustomer, subject: 'customer-1' };

describe('a token', () => {
  it('for all customers acts for and sees every customer', () => {
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

describe('KnownIdPipe', () => {
  const pipe = new KnownIdPipe();

  it.each([uuidv7(), randomUUID()])('passes an id of ours on: %s', (id) => {
    expect(pipe.transform(id)).toBe(id);
  });

  it.each(['', '1', 'null', '../../etc/passwd', `${uuidv7()} `, `${uuidv7()}0`, "' or 1=1 --", '\0'])(
    'answers %j like an id that names nothing',
    (id) => {
      expect(() => pipe.transform(id)).toThrow('NOT_FOUND');
    },
  );
});
