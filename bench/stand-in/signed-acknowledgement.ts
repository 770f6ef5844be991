import type { KeyObject } from 'node:crypto';
import { MessageSigner } from '../../twin/wire/message-signer.js';
import { timestamp } from '../../twin/wire/timestamp.js';
import { signedAnswer, type SignedAnswer } from './signed-answers.js';

/** One S for every result: its signature covers the path and a time, and nothing of the request. */
export async function signedAcknowledgement(
  uri: string,
  clientId: string,
  privateKey: KeyObject,
): Promise<SignedAnswer> {
  const signer = new MessageSigner(new Map([['1', privateKey]]), '1');
  const result = { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' };
  const body = Buffer.from(JSON.stringify({ result }));
  return signedAnswer(signer, { uri, clientId, time: timestamp(Date.now()), body });
}
