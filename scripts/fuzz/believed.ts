import { verify } from 'node:crypto';
import type { FuzzGround } from './fuzz-ground.js';
import type { SentAnswer } from './sent-answer.js';

/** `maybe`: the bytes are signed, but the header names another key or algorithm than the signature has. */
export type Signed = 'yes' | 'no' | 'maybe';

const CANONICAL = /^\s*algorithm=RSA256,\s*keyVersion=1,\s*signature=[^,]+$/i;

/** Whether Alipay+ signed these bytes, checked without the code under test. */
export function signedBy({ headers, body }: SentAnswer, ground: FuzzGround): Signed {
  const time = header(headers, 'response-time');
  const signature = header(headers, 'signature');
  const encoded = /signature=([^,]*)/i.exec(signature)?.[1];
  if (time === '' || encoded === undefined) return 'no';
  const text = Buffer.from(`POST ${ground.path}\n${ground.clientId}.${time}.`);
  const bytes = Buffer.from(decoded(encoded), 'base64');
  if (!verify('RSA-SHA256', Buffer.concat([text, body]), ground.publicKey, bytes)) return 'no';
  return CANONICAL.test(signature) ? 'yes' : 'maybe';
}

function header(headers: SentAnswer['headers'], name: string): string {
  const found = Object.entries(headers).find(([each]) => each.toLowerCase() === name);
  return found?.[1] ?? '';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
