import { createHash } from 'node:crypto';
import { readApiKeys } from './api-key-entries.js';

const sha256 = (token: string): string => createHash('sha256').update(token).digest('hex');

function faultsOf(content: unknown): readonly string[] {
  const read = readApiKeys(typeof content === 'string' ? content : JSON.stringify(content));
  if (read.outcome === 'read') throw new Error('the file was accepted');
  return read.faults;
}

const good = { name: 'app', sha256: sha256('token-a'), scopes: ['things:write'], customerId: null };

describe('readApiKeys', () => {
  it('reads names, scopes and the one customer a token is bound to', () => {
    const bound = {
      name: 'bound',
      sha256: sha256('token-b').toUpperCase(),
      scopes: ['a', 'b'],
      customerId: 'c-1',
    };
    const read = readApiKeys(JSON.stringify([good, bound]));
    if (read.outcome !== 'read') throw new Error(read.faults.join());
    expect(read.keys).toEqual([
      { sha256: good.sha256, principal: { name: 'app', scopes: new Set(['things:write']) } },
      {
        sha256: sha256('token-b'),
        principal: { name: 'bound', scopes: new Set(['a', 'b']), subject: 'c-1' },
      },
    ]);
  });

  it('reads the end of a key, and refuses a time without an offset', () => {
    const read = readApiKeys(JSON.stringify([{ ...good, expiresAt: '2030-01-02T03:04:05+08:00' }]));
    expect(read).toMatchObject({ keys: [{ expiresAt: new Date('2030-01-01T19:04:05Z') }] });
    for (const expiresAt of ['2030-01-02', '2030-01-02T03:04:05', '2030-13-02T03:04:05Z', 7])
      expect(faultsOf([{ ...good, expiresAt }])).toEqual([
        'entry 0: expiresAt must be a time with its offset, null or absent',
      ]);
  });

  it.each([
    ['broken JSON', '[{"sha256":"abc'],
    ['an object', {}],
    ['a word', '"x"'],
  ])('refuses %s as a whole', (_what, content) => {
    expect(faultsOf(content)).toEqual(['must be a JSON list']);
  });

  it('names every fault of every entry at once, and no value', () => {
    const faults = faultsOf([
      { ...good, name: ' ', sha256: 'SECRET-TOKEN' },
      7,
      { ...good, scopes: [], customerId: 5, role: 'SECRET-TOKEN' },
      { ...good, name: 'other', sha256: sha256('z'), scopes: ['two words'] },
    ]);
    expect(faults).toEqual([
      'entry 0: name must be a text that is not empty',
      'entry 0: sha256 must be 64 hexadecimal digits',
      'entry 1: name must be a text that is not empty',
      'entry 1: sha256 must be 64 hexadecimal digits',
      'entry 1: scopes must be a list of scopes, at least one',
      'entry 2: scopes must be a list of scopes, at least one',
      'entry 2: customerId must be a text, null or absent',
      'entry 2: "role" is not a known field',
      'entry 3: scopes must be a list of scopes, at least one',
    ]);
    expect(faults.join()).not.toContain('SECRET');
  });

  it('refuses a name or a token that occurs twice, in upper or lower case', () => {
    expect(faultsOf([good, { ...good, name: 'APP', sha256: good.sha256.toUpperCase() }])).toEqual([
      'entry 1: name is the same as that of entry 0',
      'entry 1: sha256 is the same as that of entry 0',
    ]);
  });

  it('does not treat a blank customer as no customer', () => {
    expect(faultsOf([{ ...good, customerId: ' ' }])).toHaveLength(1);
  });
});
