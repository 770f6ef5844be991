import type { KeyObject } from 'node:crypto';
import { MessageSigner } from '../../twin/wire/message-signer.js';
import { timestamp } from '../../twin/wire/timestamp.js';
import type { SignedAnswer } from './signed-answers.js';

/** One S for every result: its signature is over the path and a time, and says nothing of the request. */
export async function signedAcknowledgement(
  uri: string,
  clientId: string,
  privateKey: KeyObject,
): Promise<SignedAnswer> {
  const signer = new MessageSigner(new Map([['1', privateKey]]), '1');
  const result = { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' };
  const body = Buffer.from(JSON.stringify({ result }));
  const time = timestamp(Date.now());
  const signature = await signer.sign({ method: 'POST', uri, clientId, time, body });
  const headers = {
    'Content-Type': 'application/json; charset=UTF-8',
    'Content-Length': String(body.length),
    'Client-Id': clientId,
    'Response-Time': time,
    Signature: signature,
  };
  return { headers, body };
}
