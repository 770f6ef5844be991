import { createPrivateKey, createPublicKey, randomUUID, sign, verify, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import type pg from 'pg';
import { testKeys } from '../../test/support/service/test-keys.js';
import { AT_ONCE } from './ground.js';
import { signedBytes } from './signed-bytes.js';

const TABLE = `
  create table if not exists bare (id uuid primary key, body bytea not null, state text not null, answer bytea);
  truncate bare`;
const FILL = `
  insert into bare select gen_random_uuid(), $2, 'PENDING', null from generate_series(1, $1::int) returning id`;

/**
 * The least that delivering can be: sign the bytes, post them over a connection that is kept, verify the signed answer,
 * and commit the outcome with the answer, one after the other in as many loops as the service has calls at once. There
 * is no lease, schedule, lane, breaker, guard, redaction, figure or log. Keys are parsed once and RSA is computed on
 * the thread pool, as the service does it.
 */
export class BareLoop {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly privateKey = createPrivateKey(readFileSync(testKeys().mppPrivateFile));
  private readonly publicKey = createPublicKey(readFileSync(testKeys().alipayPlusPublicFile));
  private readonly body = Buffer.from(
    JSON.stringify({ paymentRequestId: randomUUID(), padding: 'x'.repeat(400) }),
  );

  constructor(
    private readonly pool: pg.Pool,
    private readonly url: string,
  ) {}

  /** Rows to deliver; making them is not measured. */
  async fill(count: number): Promise<string[]> {
    await this.pool.query(TABLE);
    return (await this.pool.query<{ id: string }>(FILL, [count, this.body])).rows.map(({ id }) => id);
  }

  async deliver(ids: readonly string[]): Promise<void> {
    let next = 0;
    const loop = async (): Promise<void> => {
      for (let id = ids[next++]; id !== undefined; id = ids[next++]) await this.one(id);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, loop));
  }

  close(): void {
    this.agent.destroy();
  }

  private async one(id: string): Promise<void> {
    const time = new Date().toISOString();
    const signature = await signed(signedBytes(time, this.body), this.privateKey);
    const answer = await this.post(time, signature);
    const isGenuine = await verified(signedBytes(answer.time, answer.body), answer.signature, this.publicKey);
    if (!isGenuine) throw new Error('the answer is not signed');
    await this.pool.query({
      name: 'bare',
      text: `update bare set state = 'DELIVERED', answer = $2 where id = $1`,
      values: [id, answer.body],
    });
  }

  private post(time: string, signature: string): Promise<{ time: string; signature: Buffer; body: Buffer }> {
    return new Promise((resolve, reject) => {
      const headers = {
        'content-type': 'application/json',
        'content-length': this.body.length,
        'client-id': 'TEST_5X00000000000000',
        'request-time': time,
        signature: `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(signature)}`,
      };
      const call = request(
        `${this.url}/notify`,
        { method: 'POST', agent: this.agent, headers },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const value = String(response.headers['signature']).split('signature=')[1] ?? '';
            resolve({
              time: String(response.headers['response-time']),
              signature: Buffer.from(decodeURIComponent(value), 'base64'),
              body: Buffer.concat(chunks),
            });
          });
        },
      );
      call.on('error', reject);
      call.end(this.body);
    });
  }
}

function signed(bytes: Buffer, key: KeyObject): Promise<string> {
  return new Promise((resolve, reject) => {
    sign('RSA-SHA256', bytes, key, (error, signature) =>
      error ? reject(error) : resolve(signature.toString('base64')),
    );
  });
}

function verified(bytes: Buffer, signature: Buffer, key: KeyObject): Promise<boolean> {
  return new Promise((resolve, reject) => {
    verify('RSA-SHA256', bytes, key, signature, (error, isGenuine) =>
      error ? reject(error) : resolve(isGenuine),
    );
  });
}
