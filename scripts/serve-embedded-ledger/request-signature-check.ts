import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { signLedgerRequest } from '../../src/wallet-ledger/http/ledger-request-signature.js';

const MAX_SKEW_MS = 5 * 60_000;

/** Whether these bytes were signed with the secret within five minutes of now. */
export function isGenuine(request: IncomingMessage, body: Buffer, secret: Buffer): boolean {
  const { method, url: path = '', headers } = request;
  const time = headers['ledger-time'];
  const signature = headers['ledger-signature'];
  if (typeof time !== 'string' || typeof signature !== 'string') return false;
  if (method !== 'GET' && method !== 'POST') return false;
  // A time that cannot be read gives NaN, which fails the comparison.
  if (!(Math.abs(Date.parse(time) - Date.now()) <= MAX_SKEW_MS)) return false;
  const expected = Buffer.from(signLedgerRequest({ method, path, time, body }, secret), 'utf8');
  const given = Buffer.from(signature, 'utf8');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
