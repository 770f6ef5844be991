import { generateKeyPairSync } from 'node:crypto';

export interface TestKeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

export function makeKeyPair(): TestKeyPair {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
}

/** One pair for each side, made once per test file: making keys is the slow part. */
export const TWIN_KEYS = makeKeyPair();
export const MPP_KEYS = makeKeyPair();
export const CLIENT_ID = 'TEST_5X00000000000000';
