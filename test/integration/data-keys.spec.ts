import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EvidenceStore } from '../../src/payment-order/evidence/evidence.store.js';
import { SEALED_COLUMNS } from '../../src/payment-order/sealed-columns.js';
import { DataKeys } from '../../src/platform/database/data-keys.js';
import { Database } from '../../src/platform/database/database.js';
import { openPool } from '../../src/platform/database/pool.js';
import { resealBatch } from '../../src/platform/database/resealing.js';
import { keyIdOf, type Place } from '../../src/platform/sealing/sealing.js';
import { FileWrappingKeys } from '../../src/platform/sealing/wrapping-keys.js';
import { ask } from '../support/database/ask.js';
import { createTestDatabase, type TestDatabase } from '../support/database/test-database.js';

jest.setTimeout(60_000);

const run = promisify(execFile);

const PLACE: Place = 'letter.text:1';
const TEXT = Buffer.from('for one reader');
const directory = mkdtempSync(join(tmpdir(), 'data-keys-'));
const [march, april] = ['march', 'april'].map((name) => `${name} ${randomBytes(32).toString('base64')}`);
const databases: Database[] = [];
let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  await ask(test.url, 'delete from data_key');
  await ask(test.url, 'update data_sealing set sealed_from = db_now()');
});
afterEach(async () => {
  await Promise.all(databases.splice(0).map(({ pool }) => pool.end()));
});
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await test.drop();
});

/** The keys as one process has them. */
function aProcess(...lines: (string | undefined)[]) {
  const path = join(directory, `keys-${databases.length}`);
  writeFileSync(path, lines.join('\n'));
  const database = new Database(openPool(test.url, { name: 'test', max: 2 }));
  databases.push(database);
  const wrapping = lines.length === 0 ? undefined : new FileWrappingKeys(path);
  return { keys: new DataKeys(database, wrapping), sealing: database.sealing, database };
}

const count = async (): Promise<number> => (await ask(test.url, 'select 1 from data_key')).length;

describe('the data keys of a database', () => {
  it('are made once, by the first of several processes, and every process can open what another sealed', async () => {
    const processes = Array.from({ length: 4 }, () => aProcess(march));
    await Promise.all(processes.map(({ keys }) => keys.begin()));
    expect(await count()).toBe(2);
    for (const { sealing } of processes) {
      const kept = sealing.seal(PLACE, TEXT);
      expect(kept.includes(TEXT)).toBe(false);
      for (const other of processes) {
        expect(other.sealing.open(PLACE, kept)).toEqual(TEXT);
        expect(other.sealing.digest('customer')).toEqual(sealing.digest('customer'));
      }
    }
  });

  it('are listed by mpp data-keys, for people and for programs', async () => {
    const { keys } = aProcess(march);
    await keys.begin();
    const file = join(directory, `keys-${databases.length - 1}`);
    const list = async (...flags: string[]): Promise<string> => {
      const env = { ...process.env, DATABASE_URL: test.url, DATA_KEYS_FILE: file };
      const { stdout } = await run(process.execPath, ['dist/scripts/data-keys.js', 'list', ...flags], {
        env,
      });
      return stdout;
    };
    expect(await list()).toMatch(/^\d+ {2}seal {2}wrapped with march {2}encrypts from 2\d{3}-/m);
    const [one, other] = JSON.parse(await list('--json'));
    expect([one.purpose, other.purpose].toSorted()).toEqual(['digest', 'seal']);
    expect(one).toEqual({
      keyId: expect.any(Number),
      purpose: expect.any(String),
      wrappingKey: 'march',
      sealsFrom: expect.stringMatching(/^2\d{3}-.*Z$/),
    });
  });

  it('are not in the database in plain form', async () => {
    const { keys } = aProcess(march);
    await keys.begin();
    const rows = await ask<{ wrapped: Buffer; wrapping_key: string }>(test.url, 'select * from data_key');
    for (const row of rows) {
      expect(row).toMatchObject({ wrapping_key: 'march' });
      expect(row.wrapped.length).toBe(12 + 32 + 16);
    }
  });

  it('are required of every process that starts on a database that has some, and must be the same ones', async () => {
    await aProcess(march).keys.begin();
    await expect(aProcess().keys.begin()).rejects.toThrow(/DATA_KEYS_FILE: is missing; .* 2 data keys/);
    await expect(aProcess(april).keys.begin()).rejects.toThrow(/DATA_KEYS_FILE: .*has no key march/);
  });

  it('are not needed where nothing was ever sealed; values are then stored in plain form', async () => {
    const { keys, sealing } = aProcess();
    await keys.begin();
    expect(await count()).toBe(0);
    expect(sealing.seal(PLACE, TEXT)).toBe(TEXT);
  });

  it('are held by running processes before a new process seals', async () => {
    const [one, other] = [aProcess(march), aProcess(march)];
    await one.keys.begin();
    await other.keys.begin();
    const before = one.sealing.sealingKeyId;
    const made = await one.keys.make();
    await one.keys.readAgain();
    expect(one.sealing.sealingKeyId).toBe(before);
    await ask(test.url, `update data_key set seals_from = db_now() where key_id = ${made}`);
    await one.keys.readAgain();
    expect(one.sealing.sealingKeyId).toBe(made);
    const kept = one.sealing.seal(PLACE, TEXT);
    expect(() => other.sealing.open(PLACE, kept)).toThrow('is not known to this process');
    await other.keys.readAgain();
    expect(other.sealing.open(PLACE, kept)).toEqual(TEXT);
  });

  it('are wrapped anew, so that the old wrapping key is no longer needed', async () => {
    const { keys, sealing } = aProcess(march);
    await keys.begin();
    const kept = sealing.seal(PLACE, TEXT);
    expect(await aProcess(april, march).keys.rewrap()).toBe(2);
    const later = aProcess(april);
    await later.keys.begin();
    expect(later.sealing.open(PLACE, kept)).toEqual(TEXT);
    expect(await aProcess(april).keys.rewrap()).toBe(0);
  });

  it('are written again by a process that still holds them when their rows were lost', async () => {
    const { keys, sealing } = aProcess(march);
    await keys.begin();
    const kept = sealing.seal(PLACE, TEXT);
    await ask(test.url, 'delete from data_key');
    await keys.readAgain();
    expect(await count()).toBe(2);
    const later = aProcess(march);
    await later.keys.begin();
    expect(later.sealing.open(PLACE, kept)).toEqual(TEXT);
  });

  it('seal nothing where payments exist, until an operator says that every process can open sealed values', async () => {
    await ask(test.url, 'update data_sealing set sealed_from = null');
    const { keys, sealing } = aProcess(march);
    await keys.begin();
    expect(sealing.seal(PLACE, TEXT)).toBe(TEXT);
    expect(await keys.beginSealing()).toBeInstanceOf(Date);
    await keys.readAgain();
    expect(sealing.seal(PLACE, TEXT)).toBe(TEXT);
    await ask(test.url, 'update data_sealing set sealed_from = db_now()');
    await keys.readAgain();
    expect(sealing.open(PLACE, sealing.seal(PLACE, TEXT))).toEqual(TEXT);
    expect(sealing.sealingKeyId).toBeDefined();
  });
});

describe('sealing stored values with the newest key', () => {
  const kept = (): Promise<{ id: string; request: Buffer; answer: Buffer }[]> =>
    ask(test.url, 'select exchange_id as id, request, answer from inbound_exchange order by exchange_id');

  async function rotate({ database }: ReturnType<typeof aProcess>, rows: number) {
    const sum = { resealed: 0, emptied: 0, unopened: 0 };
    for (const column of SEALED_COLUMNS) {
      let after: string | undefined;
      do {
        const batch = await resealBatch(database, column, after, rows);
        sum.resealed += batch.resealed;
        sum.emptied += batch.emptied;
        sum.unopened += batch.unopened;
        after = batch.next;
      } while (after !== undefined);
    }
    return sum;
  }

  it('goes through every column in batches, from any age and key, skips values it cannot open, and finds none the next time', async () => {
    const old = aProcess(march);
    await old.keys.begin();
    const evidence = {
      api: 'cancelPayment',
      requestTime: '2026-03-01T08:00:00Z',
      request: TEXT,
      answer: TEXT,
      result: { resultStatus: 'S', resultCode: 'SUCCESS' },
    } as const;
    for (let at = 0; at < 5; at += 1)
      await new EvidenceStore(old.database).keepInbound({ ...evidence, paymentRequestId: `order-${at}` });
    const plain = `insert into inbound_exchange (api, payment_request_id, received_at, request, answer, result_status,
      result_code) select 'refund', 'plain-' || n, db_now(), 'plain', 'plain', 'S', 'SUCCESS' from generate_series(1, 4) n`;
    await ask(test.url, plain);
    await ask(
      test.url,
      `insert into scan (scan_id, customer_id, code_hash, request_body, status, result_code, next_attempt_at, gives_up_at,
         created_at, updated_at)
       select gen_random_uuid(), 'customer', sha256(status::bytea), 'plain', status, 'X',
         case when status = 'PENDING' then db_now() end, db_now(), db_now(), db_now()
       from unnest(array['PENDING', 'REJECTED']) status`,
    );
    const [swapped] = await kept();
    await ask(test.url, 'update inbound_exchange set answer = $2 where exchange_id = $1', [
      swapped?.id,
      swapped?.request,
    ]);

    const made = await old.keys.make();
    await ask(test.url, `update data_key set seals_from = db_now() where key_id = ${made}`);
    const process = aProcess(march);
    await process.keys.begin();
    expect(await rotate(process, 2)).toEqual({ resealed: 18, emptied: 1, unopened: 1 });
    const rows = await kept();
    for (const { request } of rows) expect(keyIdOf(request)).toBe(made);
    expect(rows.filter(({ answer }) => keyIdOf(answer) !== made).map(({ id }) => id)).toEqual([swapped?.id]);
    expect(process.sealing.open('inbound_exchange.request:plain-4|', rows.at(-1)?.request ?? TEXT)).toEqual(
      Buffer.from('plain'),
    );
    const scans = await ask<{ status: string; request_body: Buffer | null }>(test.url, 'select * from scan');
    for (const { status, request_body: body } of scans)
      expect(body === null ? undefined : keyIdOf(body)).toBe(status === 'PENDING' ? made : undefined);
    expect(await rotate(process, 3)).toEqual({ resealed: 0, emptied: 0, unopened: 1 });
  });
});
