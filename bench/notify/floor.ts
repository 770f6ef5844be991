import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { Pool } from 'undici';
import { testKeys } from '../../test/support/service/test-keys.js';
import { AT_ONCE } from './ground.js';
import { signedBytes } from './signed-bytes.js';

const SIGNATURE = /^algorithm=RSA256, ?keyVersion=1, ?signature=([\w%+/=-]+)$/;
const READ = {
  name: 'floor_read',
  text: 'select payment_id, body, body_sha256 from notification where payment_id = any ($1::uuid[])',
};
const RECORD = {
  name: 'floor_record',
  text: `
    with told as (
      update notification set status = 'DELIVERED', tries = tries + 1, next_attempt_at = null, watch_at = null,
        lease_until = null, last_outcome = 'accepted', delivered_at = clock_timestamp(), updated_at = clock_timestamp()
      where payment_id = $1 and status = 'PENDING' returning payment_id, tries)
    insert into notification_attempt (payment_id, attempt, finished_at, duration_ms, outcome, result_code, http_status,
      request_time, key_version, answer, requested_by)
    select payment_id, tries, clock_timestamp(), $2, 'accepted', $3, $4, $5, '1', $6, 'schedule' from told`,
};

interface Row {
  readonly payment_id: string;
  readonly body: Buffer;
  readonly body_sha256: Buffer;
}

interface Told {
  readonly result?: { readonly resultStatus?: string; readonly resultCode?: string };
}

/**
 * The least work of a delivery: read due rows in one statement, compare each body with its hash, sign, post over open
 * connections, verify and read the answer, and commit the attempt with the end of its notification, one durable commit
 * for each, in the service's own tables with all their indexes. It has as many loops as the service has calls at once.
 * No lease, schedule, lane, breaker, trusted address, redaction, metric or log.
 */
export class Floor {
  private readonly far: Pool;
  private readonly privateKey = createPrivateKey(readFileSync(testKeys().mppPrivateFile));
  private readonly publicKey = createPublicKey(readFileSync(testKeys().alipayPlusPublicFile));

  constructor(
    private readonly database: pg.Pool,
    farSideUrl: string,
  ) {
    this.far = new Pool(farSideUrl, { connections: AT_ONCE, headersTimeout: 5_000, bodyTimeout: 5_000 });
  }

  async deliver(ids: readonly string[]): Promise<void> {
    const { rows } = await this.database.query<Row>({ ...READ, values: [ids] });
    let next = 0;
    const loop = async (): Promise<void> => {
      for (let row = rows[next++]; row !== undefined; row = rows[next++]) await this.one(row);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, loop));
  }

  async close(): Promise<void> {
    await this.far.close();
  }

  private async one({ payment_id: id, body, body_sha256: frozen }: Row): Promise<void> {
    if (!createHash('sha256').update(body).digest().equals(frozen)) throw new Error('the body was changed');
    const time = `${new Date().toISOString().slice(0, 19)}+00:00`;
    const signature = await signed(signedBytes(time, body), this.privateKey);
    const startedAt = performance.now();
    const answer = await this.far.request({
      method: 'POST',
      path: '/notify',
      body,
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        'client-id': 'TEST_5X00000000000000',
        'request-time': time,
        signature: `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(signature)}`,
      },
    });
    const received = Buffer.from(await answer.body.arrayBuffer());
    const durationMs = Math.round(performance.now() - startedAt);
    const told = this.verified(answer.headers, received);
    if (told?.resultStatus !== 'S') throw new Error('it was not acknowledged');
    const values = [id, durationMs, told.resultCode, answer.statusCode, time, received];
    await this.database.query({ ...RECORD, values });
  }

  private verified(
    { signature, 'response-time': time }: Record<string, string | string[] | undefined>,
    body: Buffer,
  ): Told['result'] {
    const value = SIGNATURE.exec(String(signature))?.[1];
    if (value === undefined || typeof time !== 'string') throw new Error('the answer is not signed');
    const proof = Buffer.from(decodeURIComponent(value), 'base64');
    if (!verify('RSA-SHA256', signedBytes(time, body), this.publicKey, proof))
      throw new Error('the answer is badly signed');
    return (JSON.parse(body.toString('utf8')) as Told).result; // the far side of this bench writes it
  }
}

function signed(bytes: Buffer, key: KeyObject): Promise<string> {
  return new Promise((resolve, reject) => {
    sign('RSA-SHA256', bytes, key, (error, signature) =>
      error ? reject(error) : resolve(signature.toString('base64')),
    );
  });
}
