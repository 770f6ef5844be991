import { EVENT_TYPE_NAMES } from '../payment-order/event/event-type.js';
import { readEndpoints } from './endpoint-entries.js';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(24, 2).toString('base64')}`;
const GOOD = { name: 'core', url: 'https://core.example/events', secrets: [SECRET] };
const production = { isTrial: false };

const read = (entries: unknown, rules = production) => readEndpoints(JSON.stringify(entries), rules);
const faultsOf = (change: object, rules = production): readonly string[] => {
  const result = read([{ ...GOOD, ...change }], rules);
  return result.outcome === 'refused' ? result.faults : [];
};

describe('a file of endpoints', () => {
  it('has the receivers, their secrets and their event types', () => {
    const types = ['scan.*', 'payment.paid'];
    expect(
      read([GOOD, { ...GOOD, name: 'books', secrets: [OTHER, SECRET], types, privateNetwork: true }]),
    ).toEqual({
      outcome: 'read',
      endpoints: [
        { ...GOOD, anyAddress: false },
        {
          name: 'books',
          url: GOOD.url,
          secrets: [OTHER, SECRET],
          types: ['payment.paid', 'scan.rejected', 'scan.given_up'],
          anyAddress: true,
        },
      ],
    });
    expect(read([])).toEqual({ outcome: 'read', endpoints: [] });
  });

  it('may name every type that exists', () => {
    expect(read([{ ...GOOD, types: EVENT_TYPE_NAMES }])).toMatchObject({
      endpoints: [{ types: EVENT_TYPE_NAMES }],
    });
  });

  it.each<[string, object]>([
    ['name', { name: 'The Core' }],
    ['name', { name: undefined }],
    ['url', { url: 'http://core.example/events' }],
    ['url', { url: 'https://user:word@core.example/events' }],
    ['url', { url: 'https://core.example/events#part' }],
    ['url', { url: 'https://10.1.2.3/events' }],
    ['url', { url: 'https://169.254.169.254/latest', privateNetwork: true }],
    ['url', { url: 'https://0x7f000001/events' }],
    ['url', { url: 'core.example' }],
    ['secrets', { secrets: [] }],
    ['secrets', { secrets: [SECRET, OTHER, `whsec_${Buffer.alloc(30).toString('base64')}`] }],
    ['secrets', { secrets: [SECRET, SECRET] }],
    ['secrets', { secrets: [SECRET.slice('whsec_'.length)] }],
    ['secrets', { secrets: [`whsec_${Buffer.alloc(8).toString('base64')}`] }],
    ['secrets', { secrets: 'none' }],
    ['types', { types: [] }],
    ['types', { types: ['payment.lost'] }],
    ['privateNetwork', { privateNetwork: 'yes' }],
    ['"secret"', { secret: SECRET }],
  ])('is refused for a faulty %s: %j, without any part of a secret', (field, change) => {
    const faults = faultsOf(change);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^entry 0: ${field} `));
    expect(faults.join()).not.toContain(SECRET.slice(6, 20));
  });

  it('may name a machine of our own network when it says so, and any address in a trial', () => {
    expect(faultsOf({ url: 'https://10.1.2.3/events', privateNetwork: true })).toEqual([]);
    expect(faultsOf({ url: 'http://127.0.0.1:4500' }, { isTrial: true })).toEqual([]);
    expect(faultsOf({ url: 'http://169.254.169.254' }, { isTrial: true })).toHaveLength(1);
  });

  it.each(['', '{}', 'null', '[', SECRET])('is refused when it is no list: %j', (text) => {
    expect(readEndpoints(text, production)).toEqual({ outcome: 'refused', faults: ['must be a JSON list'] });
  });

  it.each([[[null]], [[1]], [['text']], [[[]]]])(
    'names what is missing of an entry that is %j',
    (entries) => {
      const result = read(entries);
      expect(result.outcome === 'refused' && result.faults.length).toBeGreaterThanOrEqual(3);
    },
  );

  it('has no two entries with one name, and not too many', () => {
    expect(read([GOOD, GOOD])).toEqual({
      outcome: 'refused',
      faults: ['entry 1: name is the same as that of entry 0'],
    });
    const many = Array.from({ length: 21 }, (_, at) => ({ ...GOOD, name: `core-${at}` }));
    expect(read(many)).toEqual({ outcome: 'refused', faults: ['must have at most 20 entries'] });
  });
});
