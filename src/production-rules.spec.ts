import { AlipayPlusSettings } from './alipay-plus/alipay-plus.settings.js';
import { loadSettings } from './platform/config/load-settings.js';
import { RuntimeSettings } from './platform/config/runtime.settings.js';
import { DatabaseSettings } from './platform/database/database.settings.js';
import { QueueSettings } from './platform/queues/queue.settings.js';
import { risksOf, unsafeInProduction } from './production-rules.js';

const production = { NODE_ENV: 'production' };
const refused = (more: Record<string, string>) =>
  unsafeInProduction({ ...production, ...more }).map(({ name }) => name);
const risks = (more: Record<string, string>) =>
  risksOf(
    loadSettings([RuntimeSettings, DatabaseSettings, QueueSettings, AlipayPlusSettings], {
      ...production,
      ...more,
    }),
  );
const warned = (more: Record<string, string>) => risks(more).map(({ setting }) => setting);

describe('production refuses', () => {
  it.each([
    ['ALIPAYPLUS_BASE_URL', 'http://open-sea-global.alipayplus.com'],
    ['ALIPAYPLUS_BASE_URL', ' HTTP://10.0.0.7:8080/ '],
    ['WALLET_LEDGER_URL', 'http://core.internal/api'],
    ['WALLET_LEDGER_URL', 'http://localhost.evil.example'],
    ['WALLET_LEDGER_URL', 'http://user@core.internal'],
    ['CONSOLE_OIDC_ISSUER', 'http://127.0.0.1:8080'],
    ['CONSOLE_PUBLIC_URL', ' HTTP://localhost:8080'],
    ['NODE_TLS_REJECT_UNAUTHORIZED', '0'],
  ])('%s=%s', (name, url) => expect(refused({ [name]: url })).toEqual([name]));

  it.each([
    ['ALIPAYPLUS_BASE_URL', 'https://open-sea-global.alipayplus.com'],
    ['ALIPAYPLUS_BASE_URL', 'http://127.0.0.1:9000'],
    ['WALLET_LEDGER_URL', 'http://[::1]:9000/api'],
    ['WALLET_LEDGER_URL', 'http://LOCALHOST:9000'],
    ['CONSOLE_OIDC_ISSUER', 'https://id.example.com'],
    ['NODE_TLS_REJECT_UNAUTHORIZED', '1'],
  ])('and takes %s=%s', (name, url) => expect(refused({ [name]: url })).toEqual([]));

  it('nothing of this elsewhere', () =>
    expect(unsafeInProduction({ WALLET_LEDGER_URL: 'http://core.internal' })).toEqual([]));
});

describe('production is warned of', () => {
  it.each([
    ['DATABASE_URL', 'postgres://mpp:secret@db.internal/mpp'],
    ['DATABASE_URL', 'postgres://mpp:secret@db.internal/mpp?sslmode=prefer'],
    ['DATABASE_URL', 'postgres://mpp:secret@10.0.0.9:6432/mpp?sslmode=disable'],
    ['DATABASE_URL', 'postgres://mpp:secret@127.0.0.1/mpp?host=db.internal'],
    ['DATABASE_URL', 'postgres://mpp:secret@localhost,db.internal/mpp'],
    ['DATABASE_URL', 'postgres://mpp:secret@db.internal/mpp?sslmode=no-verify'],
    ['DATABASE_URL', 'postgres://mpp:secret@db.internal/mpp?sslmode=require&uselibpqcompat=true'],
    [
      'DATABASE_URL',
      'postgres://mpp:secret@db.internal/mpp?sslmode=verify-ca&uselibpqcompat=true&sslrootcert=x',
    ],
    ['DATABASE_DIRECT_URL', 'postgres://mpp:secret@db.internal/mpp'],
    ['DATABASE_READING_URL', 'postgres://mpp:secret@db.internal/mpp?ssl=0'],
    ['REDIS_URL', 'redis://:secret@redis.internal:6379'],
    ['ALIPAYPLUS_NOTIFY_HOSTS', 'open-na.alipayplus.com,*.github.io'],
    ['ALIPAYPLUS_NOTIFY_HOSTS', '*.s3.amazonaws.com'],
    ['ALIPAYPLUS_NOTIFY_HOSTS', '*.notalipayplus.com'],
  ])('%s=%s', (name, url) => expect(warned({ [name]: url })).toEqual([name]));

  it.each([
    ['DATABASE_URL', 'postgres://mpp:secret@db.internal/mpp?sslmode=verify-full'],
    ['DATABASE_URL', 'postgres://mpp:secret@127.0.0.1/mpp'],
    ['DATABASE_URL', 'postgres:///mpp?host=/var/run/postgresql'],
    ['DATABASE_URL', 'postgres://mpp:secret@db.internal/mpp?ssl=1'],
    ['DATABASE_URL', 'postgres://mpp:secret@db.internal/mpp?sslmode=require'],
    ['DATABASE_URL', 'postgres://mpp:secret@db.internal/mpp?host=localhost'],
    ['DATABASE_DIRECT_URL', 'postgres://mpp:secret@db.internal/mpp?sslmode=verify-full'],
    ['ALIPAYPLUS_NOTIFY_HOSTS', '*.alipayplus.com,*.SEA.alipayplus.com,host.example'],
    ['REDIS_URL', 'rediss://redis.internal'],
    ['REDIS_URL', 'redis://localhost:6379'],
  ])('and not of %s=%s', (name, url) => expect(warned({ [name]: url })).toEqual([]));

  it('of a group of Redis by where its sentinels are', () => {
    const group = { REDIS_URL: 'redis://mymaster/0' };
    expect(warned({ ...group, REDIS_SENTINELS: 'sentinel.internal:26379' })).toEqual(['REDIS_URL']);
    expect(warned({ ...group, REDIS_SENTINELS: 'localhost:26379' })).toEqual([]);
    expect(warned({ REDIS_URL: 'redis://a.internal,b.internal', REDIS_CLUSTER: 'true' })).toEqual([
      'REDIS_URL',
    ]);
    expect(warned({ REDIS_URL: 'redis://localhost:1,b.internal:2', REDIS_CLUSTER: 'true' })).toEqual([
      'REDIS_URL',
    ]);
    expect(warned({ ...group, REDIS_SENTINELS: 'localhost:26379,b.internal:26379' })).toEqual(['REDIS_URL']);
  });

  it('never in words that hold a password', () =>
    expect(JSON.stringify(risks({ DATABASE_URL: 'postgres://mpp:secret@db.internal/mpp' }))).not.toContain(
      'secret',
    ));
});
