import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addPair,
  adopt,
  publishedKeys,
  retire,
  RotationRefused,
  signWith,
} from '../../scripts/rotate-keys/listed-keys.js';
import { rehearse } from '../../scripts/rotate-keys/rehearsal.js';
import { ask } from '../support/database/ask.js';
import { testKeys } from '../support/service/test-keys.js';
import { startTestService, type TestService } from '../support/service/test-service.js';
import { until } from '../support/service/until.js';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'rotation-'));
const list = join(folder, 'keys.json');
/** A version that the twin knows, and one that it never got. */
const [KNOWN, UNKNOWN] = ['2', '3'];

let one: TestService;
let other: TestService;
const stop = new AbortController();
let paying: Promise<number>;

/** Pays until it is stopped; every unpaid order is a failure. */
async function payAll(): Promise<number> {
  let paid = 0;
  for (; !stop.signal.aborted; paid += 1) {
    const { app } = paid % 2 === 0 ? one : other;
    const payment = await app.decodedPayment(`twin:S#${randomUUID()}`);
    const { body, text } = await app.confirm(payment);
    if (body.status !== 'PAID') throw new Error(`not paid while keys change: ${text}`);
  }
  return paid;
}

const keyInUse = (test: TestService) => test.operator.operations('/keys');
const order = (reason: string) => one.operator.send('POST', '/v1/operations/keys/reload', { reason });
const logged = (test: TestService, event: string) =>
  test.log.filter((line) => line.includes(`"event":"${event}"`));
const bothSignWith = (version: string): Promise<unknown> =>
  until(`both sign with ${version}`, async () =>
    (await Promise.all([one, other].map(keyInUse))).every(({ body }) => body.signWith === version),
  );

beforeAll(async () => {
  const { mppPrivateFile, mppPublic, alipayPlusPublicFile } = testKeys();
  const publicFile = join(folder, 'own-1-public.pem');
  writeFileSync(publicFile, mppPublic);
  adopt(list, {
    privateKeyFile: mppPrivateFile,
    publicFile,
    keyVersion: '1',
    publicKeyFiles: { '1': alipayPlusPublicFile },
  });
  expect(await addPair(list, 2_048)).toBe(KNOWN);
  const mppPublicKeys = Object.fromEntries(
    publishedKeys(list).map(({ version, publicKey }) => [version, publicKey]),
  );
  expect(await addPair(list, 2_048)).toBe(UNKNOWN);
  const environment = {
    ALIPAYPLUS_KEYS_FILE: list,
    ALIPAYPLUS_PRIVATE_KEY_FILE: '',
    ALIPAYPLUS_PUBLIC_KEY_FILES: '',
  };
  one = await startTestService({ environment, mppPublicKeys });
  const { ALIPAYPLUS_BASE_URL = '', ALIPAYPLUS_NOTIFY_HOSTS = '' } = one.environment;
  other = await startTestService({
    database: one.database,
    environment: { ...environment, ALIPAYPLUS_BASE_URL, ALIPAYPLUS_NOTIFY_HOSTS },
  });
  paying = payAll();
  paying.catch(() => undefined);
});
afterAll(async () => {
  stop.abort();
  await paying.catch(() => undefined);
  await other.stop();
  await one.stop();
  rmSync(folder, { recursive: true });
});

describe('a rotation of our key during payments', () => {
  it('goes forward in all processes at once, without a restart', async () => {
    expect((await keyInUse(one)).body).toEqual({
      signWith: '1',
      ownVersions: ['1', KNOWN, UNKNOWN],
      alipayPlusVersions: ['1'],
    });
    signWith(list, KNOWN);
    expect((await order('ticket 4711')).body).toMatchObject({ outcome: 'reloaded', signWith: KNOWN });
    await bothSignWith(KNOWN);
    await until('payments are signed with it', async () => {
      const rows = await ask<{ n: number }>(
        one.database.url,
        'select count(*)::int as n from decode_exchange where key_version = $1',
        [KNOWN],
      );
      return (rows[0]?.n ?? 0) > 2;
    });
    const metrics = await (await fetch(`${other.url}/metrics`)).text();
    expect(metrics).toContain(`alipayplus_key_versions{owner="us",version="${KNOWN}"} 2`);
    expect(metrics).toContain('alipayplus_key_versions{owner="us",version="1"} 1');
    const changes = await ask(
      one.database.url,
      'select name, actor, application, reason from service_switch_change',
    );
    expect(changes).toEqual([
      { name: 'alipayplus.keys', actor: 'operator:operator', application: 'operator', reason: 'ticket 4711' },
    ]);
  });

  it('keeps the old keys in every process when the new list is faulty, and alarms', async () => {
    const good = readFileSync(list, 'utf8');
    writeFileSync(list, good.replace('own-2-public', 'own-3-public'));
    const { body } = await order('a wrong list');
    expect(body).toMatchObject({ outcome: 'kept', signWith: KNOWN });
    expect(body.fault).toMatch(
      /^ALIPAYPLUS_KEYS_FILE: names .*own-3-public\.pem, which does not verify what/,
    );
    for (const test of [one, other]) {
      await until('the alarm is raised', () => logged(test, 'alipayplus.keys_not_reloaded').length > 0);
      expect(logged(test, 'alipayplus.keys_not_reloaded')[0]).toContain('"alarm":true');
    }
    expect(await (await fetch(`${one.url}/metrics`)).text()).toMatch(/^alipayplus_keys_faulty 1$/m);
    writeFileSync(list, good);
    expect((await order('mended')).body.outcome).toBe('reloaded');
    expect(await (await fetch(`${one.url}/metrics`)).text()).toMatch(/^alipayplus_keys_faulty 0$/m);
  });

  it('goes back, and no payment was lost on the way', async () => {
    signWith(list, '1');
    await order('rolled back');
    await bothSignWith('1');
    stop.abort();
    expect(await paying).toBeGreaterThan(5);
    expect(await order('')).toMatchObject({ status: 400 });
    expect((await one.app.send('POST', '/v1/operations/keys/reload', { reason: 'x' })).status).toBe(403);
  });
});

describe('npm run rotate-keys', () => {
  it('rehearses a rotation, its rollback, and a rotation that is too early', async () => {
    const steps = await rehearse(list, KNOWN);
    expect(steps.map(({ signedWith, answer }) => [signedWith, answer])).toEqual([
      ['1', 'SUCCESS'],
      [KNOWN, 'SUCCESS'],
      ['1', 'SUCCESS'],
      [KNOWN, 'KEY_NOT_FOUND'],
      ['1', 'SUCCESS'],
    ]);
    expect(steps.every(({ isAsExpected }) => isAsExpected)).toBe(true);
  });

  it('writes no list that the service would refuse', () => {
    const before = readFileSync(list, 'utf8');
    expect(() => signWith(list, '9')).toThrow(RotationRefused);
    expect(() => retire(list, '1')).toThrow('version 1 signs');
    expect(() => retire(list, '9')).toThrow(RotationRefused);
    expect(readFileSync(list, 'utf8')).toBe(before);
    retire(list, UNKNOWN);
    expect(publishedKeys(list).map(({ version, signs }) => [version, signs])).toEqual([
      ['1', true],
      [KNOWN, false],
    ]);
  });
});
