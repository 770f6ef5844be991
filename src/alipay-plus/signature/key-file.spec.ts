import { generateKeyPairSync } from 'node:crypto';
import { KeyFiles, newKeyPair } from '../spec-support/key-files.js';
import { loadPrivateKey, loadPublicKey } from './key-file.js';

describe('key files', () => {
  const files = new KeyFiles();
  const pair = newKeyPair();
  const bare = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, '');
  const privatePem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const publicPem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  afterAll(() => files.remove());

  it.each([
    ['PEM of PKCS#8', privatePem],
    ['PEM of PKCS#1', pair.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['PEM with the indentation of YAML', privatePem.replace(/^/gm, '    ').replaceAll('\n', ' \r\n')],
    ['PEM with its line breaks written out', privatePem.replaceAll('\n', '\\n')],
    ['bare base64 on one line', bare(privatePem)],
    [
      'bare base64 broken into lines, blanks around',
      `\n  ${bare(privatePem).replace(/.{64}/g, '$&\r\n')} \n`,
    ],
  ])('read a private key as %s', (name, content) => {
    expect(loadPrivateKey(files.write(name.replace(/\W/g, ''), content)).equals(pair.privateKey)).toBe(true);
  });

  it.each([
    ['PEM of SPKI', publicPem],
    ['PEM with the indentation of YAML', publicPem.replace(/^/gm, '\t')],
    ['bare base64, as the portal shows it', bare(publicPem)],
  ])('read a public key as %s', (name, content) => {
    expect(loadPublicKey(files.write(name.replace(/\W/g, ''), content)).equals(pair.publicKey)).toBe(true);
  });

  it.each([
    ['a file that is not there', loadPrivateKey, undefined, 'is not there'],
    ['an empty file', loadPrivateKey, ' \n', 'is empty'],
    ['prose', loadPrivateKey, 'my key, sir', 'is neither PEM nor bare base64 of a PKCS#8 private key'],
    [
      'base64 of something else',
      loadPublicKey,
      'aGVsbG8gd29ybGQ=',
      'is neither PEM nor bare base64 of a SPKI public key',
    ],
    [
      'a public key where the private one is due',
      loadPrivateKey,
      publicPem,
      'holds a public key where the private key is due',
    ],
    [
      'the same as bare base64',
      loadPrivateKey,
      bare(publicPem),
      'holds a public key where the private key is due',
    ],
    [
      'a private key where a public one is due',
      loadPublicKey,
      privatePem,
      'holds a private key where a public key is due',
    ],
    [
      'the same as bare base64',
      loadPublicKey,
      bare(privatePem),
      'holds a private key where a public key is due',
    ],
    [
      'an encrypted key',
      loadPrivateKey,
      pair.privateKey
        .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
        .toString(),
      'is encrypted',
    ],
    [
      'a key of 1024 bits',
      loadPrivateKey,
      newKeyPair(1024).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      'has 1024 bits, needs 2048 or more',
    ],
    [
      'a key of another kind',
      loadPublicKey,
      generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      'must be an RSA key',
    ],
  ])('refuse %s, naming the file and the fault', (_, load, content, fault) => {
    const path = content === undefined ? '/nowhere/key.pem' : files.write('faulty', content);
    expect(() => load(path)).toThrow(`names ${path}, which ${fault}`);
  });

  it('never quote their content', () => {
    const half = bare(privatePem).slice(0, 200);
    const path = files.write('half', half);
    let message = '';
    try {
      loadPrivateKey(path);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain(path);
    expect(message).not.toContain(half.slice(0, 20));
  });
});
