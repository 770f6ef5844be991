import { createPrivateKey } from 'node:crypto';
import { SettingsError } from '../../platform/config/load-settings.js';
import { KeyFiles, newKeyPair } from '../spec-support/key-files.js';
import { settingsWith } from '../spec-support/settings-with.js';
import { readKeySet } from './key-set.js';

const files = new KeyFiles();
afterAll(() => files.remove());
const [first, second, theirs] = [newKeyPair(), newKeyPair(), newKeyPair()];
for (const [version, pair] of Object.entries({ 1: first, 2: second })) {
  files.writePrivate(`own-${version}.pem`, pair);
  files.writePublic(`own-${version}.pub`, pair);
}
files.writePublic('theirs.pub', theirs);

const pairOf = (version: string) => ({ private: `own-${version}.pem`, public: `own-${version}.pub` });
const LIST = {
  signWith: '2',
  own: { '1': pairOf('1'), '2': pairOf('2') },
  alipayPlus: { '1': 'theirs.pub' },
};
const read = (list: unknown) => {
  const text = typeof list === 'string' ? list : JSON.stringify(list);
  return readKeySet(settingsWith({ ALIPAYPLUS_KEYS_FILE: files.write('keys.json', text) }));
};

describe('a list of keys', () => {
  it('has several versions of ours, one of which signs', () => {
    const set = read(LIST);
    expect(set.signing.version).toBe('2');
    expect(set.signing.privateKey.equals(second.privateKey)).toBe(true);
    expect(set.ownVersions).toEqual(['1', '2']);
    expect([...set.alipayPlus.keys()]).toEqual(['1']);
  });

  it.each<[string, unknown, string]>([
    ['no JSON', '{', 'is no JSON'],
    ['another form', { keys: [] }, 'must be {"signWith":"2"'],
    ['a field nobody knows', { ...LIST, singWith: '1' }, 'must be {"signWith":"2"'],
    ['no pair of ours', { ...LIST, own: {} }, 'must be {"signWith":"2"'],
    ['no key of theirs', { ...LIST, alipayPlus: {} }, 'must be {"signWith":"2"'],
    ['half a pair', { ...LIST, own: { '2': { private: 'own-2.pem' } } }, 'must be {"signWith":"2"'],
    ['a version that is no number', { ...LIST, signWith: 'two' }, 'must be {"signWith":"2"'],
    ['a version without a pair', { ...LIST, signWith: '3' }, 'signs with version 3, of which it has no pair'],
    ['the word constructor', { ...LIST, signWith: 'constructor' }, 'must be {"signWith":"2"'],
    [
      'a file that is not there',
      { ...LIST, alipayPlus: { '1': 'gone.pub' } },
      'gone.pub, which is not there',
    ],
    [
      'halves of two pairs',
      { ...LIST, own: { '2': { private: 'own-2.pem', public: 'own-1.pub' } } },
      'own-1.pub, which does not verify what',
    ],
    [
      'a public key in the place of a private one',
      { ...LIST, own: { '2': { private: 'own-2.pub', public: 'own-2.pub' } } },
      'holds a public key where the private key is due',
    ],
    [
      'our own key in the place of theirs',
      { ...LIST, alipayPlus: { '1': 'own-1.pub' } },
      'is our own public key',
    ],
  ])('with %s is refused in one sentence that names the setting', (_what, list, fault) => {
    expect(() => read(list)).toThrow(SettingsError);
    expect(() => read(list)).toThrow(/^ALIPAYPLUS_KEYS_FILE: names .*[^\n]*$/);
    expect(() => read(list)).toThrow(fault);
  });
});

describe('a key of ours that is damaged', () => {
  /** The exponent of another pair beside the modulus of this one: Node reads it, and it signs what nobody can verify. */
  const damaged = createPrivateKey({
    format: 'jwk',
    key: {
      ...first.privateKey.export({ format: 'jwk' }),
      e: 'AQAB',
      n: second.privateKey.export({ format: 'jwk' }).n ?? '',
    },
  });

  it('is found by the self-test, which names the setting', () => {
    const settings = settingsWith({
      ALIPAYPLUS_PRIVATE_KEY_FILE: files.writePrivate('damaged.pem', { ...first, privateKey: damaged }),
      ALIPAYPLUS_PUBLIC_KEY_FILES: `1=${files.writePublic('theirs.pub', theirs)}`,
    });
    expect(() => readKeySet(settings)).toThrow(
      /^ALIPAYPLUS_PRIVATE_KEY_FILE: names .*damaged\.pem, which does not verify what it signs; it is damaged$/,
    );
  });
});
