import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import { EventLog } from '../logging/event-log.js';
import { AuthSettings } from './auth.settings.js';
import { KeyRing } from './key-ring.js';

const folder = mkdtempSync(join(tmpdir(), 'key-ring-'));
afterAll(() => rmSync(folder, { recursive: true }));

const path = join(folder, 'keys.json');
const lines: string[] = [];
const log = new EventLog({ level: 'info' }, { write: (line) => lines.push(line) });
const entry = (name: string, more: object = {}): object => ({
  name,
  sha256: createHash('sha256').update(`token-${name}`).digest('hex'),
  scopes: ['things:read'],
  ...more,
});
const write = (...entries: object[]): void => writeFileSync(path, JSON.stringify(entries));

describe('the keys of a file', () => {
  let ring: KeyRing;
  beforeEach(async () => {
    write(entry('a'), entry('b', { customerId: 'c-1', expiresAt: '2030-01-01T00:00:00Z' }));
    ring = new KeyRing(Object.assign(new AuthSettings(), { apiKeysFile: path, keysRefreshMs: 60_000 }), log);
    await ring.onModuleInit();
  });
  afterEach(() => {
    mock.timers.reset();
    ring.onModuleDestroy();
  });

  it('are found by the hash of the token and by nothing else', () => {
    expect(ring.find('token-a')).toMatchObject({ outcome: 'known', principal: { name: 'a' } });
    for (const token of ['token-c', '', 'token-a ', 'a']) expect(ring.find(token)).toBeUndefined();
  });

  it('end when the file says so', () => {
    const end = Date.parse('2030-01-01T00:00:00Z');
    expect(ring.find('token-b', end - 1)).toMatchObject({ principal: { subject: 'c-1' } });
    expect(ring.find('token-b', end)).toEqual({ outcome: 'refused', reason: 'KEY_EXPIRED' });
  });

  it('are those of the file as it is now, without a restart', async () => {
    write(entry('b'), entry('new'));
    await ring.refresh();
    expect(ring.find('token-new')).toMatchObject({ outcome: 'known' });
    expect(ring.find('token-a')).toBeUndefined();
  });

  it('stay while the file is faulty; the log says so once and its alarm lasts', async () => {
    writeFileSync(path, 'no list');
    await ring.refresh();
    await ring.refresh();
    expect(ring.find('token-a')).toMatchObject({ outcome: 'known' });
    const raisedAtMs = (): number => log.alarms.get('auth.keys_stale')?.atMs ?? 0;
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_600_000 });
    expect(raisedAtMs()).toBe(Date.now());
    write(entry('new'));
    await ring.refresh();
    expect(ring.find('token-new')).toMatchObject({ outcome: 'known' });
    expect(raisedAtMs()).toBeLessThan(Date.now() - 900_000);
    expect(lines.filter((line) => line.includes('auth.keys_stale'))).toHaveLength(1);
    expect(lines.some((line) => line.includes('auth.keys_current'))).toBe(true);
  });
});
