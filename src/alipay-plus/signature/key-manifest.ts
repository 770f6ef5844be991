import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileFault, unreadableFile } from '../../platform/config/file-fault.js';
import { KeyFileFault } from './key-file.js';

/** Where the two halves of one of our pairs are. */
export interface PairFiles {
  readonly private: string;
  /** What Alipay+ was given for this version: the self-test verifies with it. */
  readonly public: string;
}

/** What ALIPAYPLUS_KEYS_FILE holds; paths are relative to its folder. */
export interface KeyManifest {
  /** The version of ours that signs. */
  readonly signWith: string;
  readonly own: Readonly<Record<string, PairFiles>>;
  readonly alipayPlus: Readonly<Record<string, string>>;
}

const VERSION = /^\d{1,9}$/;
const FORM =
  'must be {"signWith":"2","own":{"2":{"private":"…","public":"…"}},"alipayPlus":{"1":"…"}} with numbers as versions';

/**
 * Reads the list of key files and makes their paths absolute; the files themselves are not read.
 *
 * @throws KeyFileFault
 */
export function readKeyManifest(path: string): KeyManifest {
  const manifest = parsedManifest(path);
  const at = (file: string): string => resolve(dirname(path), file);
  return {
    signWith: manifest.signWith,
    own: mapped(manifest.own, (pair) => ({ private: at(pair.private), public: at(pair.public) })),
    alipayPlus: mapped(manifest.alipayPlus, at),
  };
}

/** As it is written, for a program that changes it. */
export function parsedManifest(path: string): KeyManifest {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch (cause) {
    const rule = cause instanceof SyntaxError ? fileFault(path, 'is no JSON') : unreadableFile(cause, path);
    throw new KeyFileFault(rule, { cause });
  }
  if (!isManifest(json)) throw new KeyFileFault(fileFault(path, FORM));
  if (json.own[json.signWith] === undefined)
    throw new KeyFileFault(fileFault(path, `signs with version ${json.signWith}, of which it has no pair`));
  return json;
}

function isManifest(json: unknown): json is KeyManifest {
  if (!isRecord(json)) return false;
  const { signWith, own, alipayPlus, ...others } = json;
  return (
    Object.keys(others).length === 0 &&
    typeof signWith === 'string' &&
    VERSION.test(signWith) &&
    isByVersion(own, isPair) &&
    isByVersion(alipayPlus, isText)
  );
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

function isPair(value: unknown): value is PairFiles {
  return (
    isRecord(value) && isText(value['private']) && isText(value['public']) && Object.keys(value).length === 2
  );
}

function isByVersion(value: unknown, isOne: (one: unknown) => boolean): boolean {
  if (!isRecord(value)) return false;
  const entries = Object.entries(value);
  return entries.length > 0 && entries.every(([version, one]) => VERSION.test(version) && isOne(one));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapped<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(record).map(([version, value]) => [version, map(value)]));
}
