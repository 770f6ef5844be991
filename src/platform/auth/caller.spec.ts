import { Origin } from '../tracing/origin.js';
import { callerOf, type Principal } from './caller.js';

const everybody: Principal = { name: 'reader', scopes: new Set(['things:read']) };

describe('the caller of a request', () => {
  it('is the principal of its token, in that request', () => {
    expect(callerOf(everybody, { id: 'r-1', ip: '192.0.2.1' })).toEqual({
      ...everybody,
      origin: new Origin('r-1'),
      address: '192.0.2.1',
    });
    const one = { ...everybody, subject: 'c-1' };
    expect(callerOf(one, { id: 'r-1', ip: '192.0.2.1' })).toEqual({
      ...one,
      origin: new Origin('r-1'),
      address: '192.0.2.1',
    });
  });

  it('has no subject when the token was made for nobody in particular', () => {
    expect(callerOf(everybody, { id: 'r-1', ip: '192.0.2.1' })).not.toHaveProperty('subject');
  });

  it('differs in each request, although the key is the same', () => {
    const callers = ['r-1', 'r-2'].map((requestId) =>
      callerOf(everybody, { id: requestId, ip: '192.0.2.1' }),
    );
    expect(callers.map(({ origin }) => origin.requestId)).toEqual(['r-1', 'r-2']);
    expect(everybody).not.toHaveProperty('origin');
  });
});
