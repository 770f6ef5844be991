import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
import { Refusal } from './refusal.js';
import { setting } from './setting.js';

const PATH = '/aps/api/v1/payments/userInitiatedPay';
const SIGNATURE = /^algorithm=RSA256, ?keyVersion=1, ?signature=([\w%+/=-]+)$/;

export interface Answered {
  readonly body: Buffer;
  readonly httpStatus: number;
  readonly requestTime: string;
  readonly durationMs: number;
}

/** userInitiatedPay over connections that are kept; signed on the thread pool and verified at once, as in the service. */
export class AlipayPlus {
  private readonly clientId = setting('ALIPAYPLUS_CLIENT_ID');
  private readonly privateKey = createPrivateKey(readFileSync(setting('ALIPAYPLUS_PRIVATE_KEY_FILE')));
  private readonly publicKey = createPublicKey(
    readFileSync(setting('ALIPAYPLUS_PUBLIC_KEY_FILES').replace(/^1=/, '')),
  );
  private readonly pool = new Pool(setting('ALIPAYPLUS_BASE_URL'), {
    headersTimeout: 8_000,
    bodyTimeout: 8_000,
  });

  async userInitiatedPay(body: Buffer): Promise<Answered> {
    const requestTime = `${new Date().toISOString().slice(0, 19)}+00:00`;
    const signature = await signed(this.textOf(requestTime, body), this.privateKey);
    const startedAt = performance.now();
    const answer = await this.pool.request({
      method: 'POST',
      path: PATH,
      body,
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        'client-id': this.clientId,
        'request-time': requestTime,
        signature: `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(signature.toString('base64'))}`,
      },
    });
    const received = Buffer.from(await answer.body.arrayBuffer());
    const durationMs = Math.round(performance.now() - startedAt);
    const { signature: header, 'response-time': time } = answer.headers;
    const value = typeof header === 'string' ? SIGNATURE.exec(header)?.[1] : undefined;
    if (value === undefined || typeof time !== 'string') throw new Refusal(502, 'UNSIGNED');
    const proof = Buffer.from(decodeURIComponent(value), 'base64');
    if (!verify('RSA-SHA256', this.textOf(time, received), this.publicKey, proof)) {
      throw new Refusal(502, 'BAD_SIGNATURE');
    }
    return { body: received, httpStatus: answer.statusCode, requestTime, durationMs };
  }

  private textOf(time: string, body: Buffer): Buffer {
    return Buffer.concat([Buffer.from(`POST ${PATH}\n${this.clientId}.${time}.`), body]);
  }
}

function signed(text: Buffer, key: KeyObject): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    sign('RSA-SHA256', text, key, (error, signature) => (error ? reject(error) : resolve(signature)));
  });
}
