import { generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addPair, adopt, publishedKeys, retire, signWith } from '../scripts/rotate-keys/listed-keys.js';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'rotate-keys-'));
const list = join(folder, 'keys.json');
afterAll(() => rmSync(folder, { recursive: true }));

function pairIn(name: string): { readonly privateKeyFile: string; readonly publicFile: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const files = { privateKeyFile: join(folder, `${name}.pem`), publicFile: join(folder, `${name}.pub`) };
  writeFileSync(files.privateKeyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(files.publicFile, publicKey.export({ type: 'spki', format: 'pem' }));
  return files;
}

const ours = pairIn('ours');
const theirs = pairIn('theirs');

beforeEach(() => {
  rmSync(list, { force: true });
  adopt(list, { ...ours, keyVersion: '1', publicKeyFiles: { '1': theirs.publicFile } });
});

const versions = () =>
  publishedKeys(list).map(({ version, signs }) => (signs ? `${version} signs` : version));

describe('the list of our keys', () => {
  it('keeps a roll-back that was made while a new pair is being made', async () => {
    const second = await addPair(list, 2_048);
    signWith(list, second);
    const adding = addPair(list, 2_048);
    signWith(list, '1');
    const third = await adding;
    expect(versions()).toEqual(['1 signs', second, third]);
  });

  it('never gives a version a second pair: neither after it was retired, nor after its making was broken off', async () => {
    const retired = await addPair(list, 2_048);
    retire(list, retired);
    const brokenOff = String(Number(retired) + 1);
    writeFileSync(join(folder, `own-${brokenOff}-private.pem`), 'half');
    expect(await addPair(list, 2_048)).toBe(String(Number(brokenOff) + 1));
  });

  it('gives each of two pairs that are made at once a version', async () => {
    const made = await Promise.all([addPair(list, 2_048), addPair(list, 2_048)]);
    expect(new Set(made).size).toBe(2);
    expect(versions()).toEqual(['1 signs', ...made.toSorted((one, other) => Number(one) - Number(other))]);
  });

  it('is changed by one program at a time, and by none while one was killed at it', () => {
    const lock = `${list}.changing`;
    writeFileSync(lock, '1');
    const before = readFileSync(list, 'utf8');
    expect(() => signWith(list, '1')).toThrow(`delete ${lock}`);
    expect(readFileSync(list, 'utf8')).toBe(before);
    rmSync(lock);
    signWith(list, '1');
    expect(existsSync(lock)).toBe(false);
  });

  it('stays readable for whoever could read it', () => {
    chmodSync(list, 0o640);
    signWith(list, '1');
    expect((statSync(list).mode & 0o777).toString(8)).toBe('640');
  });

  it('is not put in the place of a link, which others follow', () => {
    const link = join(folder, 'link.json');
    symlinkSync(list, link);
    expect(() => signWith(link, '1')).toThrow('is a symbolic link; name the file it leads to');
  });

  it.each<[string, string, string]>([
    ['no JSON', '{"signWith":"secret', 'which is no JSON'],
    ['another form', '{}', 'which must be {'],
  ])('is named with its setting when it is %s, and not quoted', (_what, text, fault) => {
    writeFileSync(list, text);
    for (const use of [() => publishedKeys(list), () => signWith(list, '1'), () => retire(list, '1')]) {
      expect(use).toThrow(`ALIPAYPLUS_KEYS_FILE names ${list}, ${fault}`);
      expect(use).not.toThrow('secret');
    }
  });

  it('may begin with the mark that some editors put before a text', () => {
    writeFileSync(list, `\uFEFF${readFileSync(list, 'utf8')}`);
    expect(versions()).toEqual(['1 signs']);
  });
});
