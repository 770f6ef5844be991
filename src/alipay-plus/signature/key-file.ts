import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileFault, unreadableFile } from '../../platform/config/file-fault.js';

const MIN_BITS = 2048;

type KeyKind = 'private' | 'public';

/** PEM, or the bare base64 of PKCS#8 as key tools print it. */
export function loadPrivateKey(path: string): KeyObject {
  return loadKey(path, 'private');
}

/** PEM, or the bare base64 of SPKI as the Alipay+ portal shows it. */
export function loadPublicKey(path: string): KeyObject {
  return loadKey(path, 'public');
}

function loadKey(path: string, due: KeyKind): KeyObject {
  const text = readText(path);
  const key = parse(text, due);
  if (!key) throw new KeyFileFault(fileFault(path, whatItIs(text, due)));
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa') throw new KeyFileFault(fileFault(path, 'must be an RSA key'));
  if (bits < MIN_BITS) throw new KeyFileFault(fileFault(path, `has ${bits} bits, needs ${MIN_BITS} or more`));
  return key;
}

/** As keys are pasted: with the indentation of the YAML they stood in, or with their line breaks written as `\n`. */
function readText(path: string): string {
  try {
    const text = readFileSync(path, 'utf8').replaceAll('\\n', '\n');
    return text.replaceAll(/^[ \t\uFEFF]+|[ \t\r]+$/gm, '').trim();
  } catch (cause) {
    throw new KeyFileFault(unreadableFile(cause, path), { cause });
  }
}

/** Node silently makes a public key from a private one, which would hide that the wrong file is configured. */
function parse(text: string, due: KeyKind): KeyObject | undefined {
  if (due === 'public' && parse(text, 'private')) return undefined;
  const isPem = text.startsWith('-----BEGIN');
  if (!isPem && !/^[A-Za-z0-9+/=\s]+$/.test(text)) return undefined;
  try {
    return isPem ? parsePem(text, due) : parseDer(Buffer.from(text, 'base64'), due);
  } catch {
    // `whatItIs` says why the bytes are not a key of this kind; the error of OpenSSL would not.
    return undefined;
  }
}

function parsePem(text: string, due: KeyKind): KeyObject {
  return due === 'private' ? createPrivateKey(text) : createPublicKey(text);
}

function parseDer(key: Buffer, due: KeyKind): KeyObject {
  return due === 'private'
    ? createPrivateKey({ key, format: 'der', type: 'pkcs8' })
    : createPublicKey({ key, format: 'der', type: 'spki' });
}

function whatItIs(text: string, due: KeyKind): string {
  if (text === '') return 'is empty';
  if (text.includes('ENCRYPTED')) return 'is encrypted; give an unencrypted key and protect the file instead';
  if (due === 'private' && parse(text, 'public')) return 'holds a public key where the private key is due';
  if (due === 'public' && parse(text, 'private')) return 'holds a private key where a public key is due';
  const format = due === 'private' ? 'PKCS#8 private' : 'SPKI public';
  return `is neither PEM nor bare base64 of a ${format} key`;
}

/**
 * A key that cannot be used. The message follows the name of the setting that gave the file: it names the file and what
 * to do, never any part of its content.
 */
export class KeyFileFault extends Error {
  readonly code = 'KEY_FILE_FAULT';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KeyFileFault';
  }
}
