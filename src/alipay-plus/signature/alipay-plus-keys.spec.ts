import { tmpdir } from 'node:os';
import { SettingsError } from '../../platform/config/load-settings.js';
import { KeyFiles, newKeyPair } from '../spec-support/key-files.js';
import { settingsWith } from '../spec-support/settings-with.js';
import { AlipayPlusKeys } from './alipay-plus-keys.js';

describe('AlipayPlusKeys', () => {
  const files = new KeyFiles();
  const [own, first, second] = [newKeyPair(), newKeyPair(), newKeyPair()];
  const privateFile = files.writePrivate('own.pem', own);
  const firstFile = files.writePublic('1.pem', first);
  const secondFile = files.writePublic('2.pem', second);
  afterAll(() => files.remove());

  const keysWith = (publicKeys: string) =>
    new AlipayPlusKeys(
      settingsWith({ ALIPAYPLUS_PRIVATE_KEY_FILE: privateFile, ALIPAYPLUS_PUBLIC_KEY_FILES: publicKeys }),
    );

  it('distinguishes the keys of Alipay+ by version', () => {
    const keys = keysWith(`1=${firstFile}, 2=${secondFile}`);
    expect(keys.signing.privateKey.equals(own.privateKey)).toBe(true);
    const versions = (named?: string) => keys.publicKeysFor(named).map(([version]) => version);
    expect(keys.publicKeysFor('2')[0]?.[1].equals(second.publicKey)).toBe(true);
    expect([versions('1'), versions('2')]).toEqual([
      ['1', '2'],
      ['2', '1'],
    ]);
    expect([versions('3'), versions(), versions('')]).toEqual(Array.from({ length: 3 }, () => ['1', '2']));
  });

  it('refuses our own public key in place of theirs', () => {
    expect(() => keysWith(`1=${files.writePublic('mixed-up.pem', own)}`)).toThrow('is our own public key');
  });

  it.each([
    ['no such file', '/nowhere/key.pem', 'is not there'],
    ['a folder', tmpdir(), 'is a folder; a file is needed'],
    ['an empty file', files.write('empty.pem', ''), 'is empty'],
    ['prose', files.write('prose.pem', 'a key'), 'is neither PEM nor bare base64 of a SPKI public key'],
  ])('names the setting with %s', (_what, path, fault) => {
    expect(() => keysWith(`1=${firstFile},2=${path}`)).toThrow(SettingsError);
    expect(() => keysWith(`1=${firstFile},2=${path}`)).toThrow(
      `ALIPAYPLUS_PUBLIC_KEY_FILES: names ${path}, which ${fault}`,
    );
  });

  it('names the missing setting', () => {
    expect(() => new AlipayPlusKeys(settingsWith({}))).toThrow('ALIPAYPLUS_PRIVATE_KEY_FILE: is not set');
    const half = settingsWith({ ALIPAYPLUS_PRIVATE_KEY_FILE: privateFile });
    expect(() => new AlipayPlusKeys(half)).toThrow('ALIPAYPLUS_PUBLIC_KEY_FILES: is not set');
  });
});
