import { randomUUID, type KeyObject } from 'node:crypto';
import { parseScript } from '../../twin/script/parse-script.js';
import { successBody } from '../../twin/script/success-body.js';
import { MessageSigner } from '../../twin/wire/message-signer.js';
import { timestamp } from '../../twin/wire/timestamp.js';
import { USER_INITIATED_PAY } from '../compare/scenario.js';

export interface SignedAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const NOTIFY_URL = 'https://open-sea-global.alipayplus.com/aps/api/v1/payments/notifyPayment';

/** Answers as the twin writes them for these scripts, each of an order of its own. */
export async function signedAnswers(
  scripts: readonly string[],
  clientId: string,
  privateKey: KeyObject,
  paymentNotifyUrl = NOTIFY_URL,
): Promise<SignedAnswer[]> {
  const signer = new MessageSigner(new Map([['1', privateKey]]), '1');
  const createdAtMs = Date.now();
  const time = timestamp(createdAtMs);
  const one = async (text: string): Promise<SignedAnswer> => {
    const parsed = parseScript(text);
    if (!parsed.ok) throw new Error(parsed.fault);
    const seed = {
      paymentRequestId: randomUUID().replaceAll('-', ''),
      createdAtMs,
      paymentNotifyUrl,
    };
    const body = Buffer.from(JSON.stringify(successBody(parsed.script, seed)));
    return signedAnswer(signer, { uri: USER_INITIATED_PAY, clientId, time, body });
  };
  return Promise.all(scripts.map(one));
}

export interface AnswerToSign {
  /** The path of the answered request. */
  readonly uri: string;
  readonly clientId: string;
  /** The text of Response-Time. */
  readonly time: string;
  readonly body: Buffer;
}

export async function signedAnswer(
  signer: MessageSigner,
  { uri, clientId, time, body }: AnswerToSign,
): Promise<SignedAnswer> {
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
