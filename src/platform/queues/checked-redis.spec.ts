import { loadSettings } from '../config/load-settings.js';
import { judged } from './checked-redis.js';
import { QueueSettings } from './queue.settings.js';
import { prefixOf } from './redis-backend.js';
import { redisTarget } from './redis-target.js';

const to = { host: 'redis.internal', port: 6379 };
const coded = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });
const closed = new Error('Connection is closed.');

describe('the first contact with Redis', () => {
  it.each([
    ['a wrong password', 'WRONGPASS invalid username-password pair or user is disabled.'],
    ['no password', 'NOAUTH Authentication required.'],
    ['a password of Redis 5', 'ERR invalid password'],
    ['a user without rights', "NOPERM User reader has no permissions to run the 'ping' command"],
    ['a database that is not there', 'ERR DB index is out of range'],
    ['a database in a cluster', 'ERR SELECT is not allowed in cluster mode'],
  ])('that ends with %s refuses the start with the text of Redis', (_what, message) =>
    expect(judged([new Error(message), closed], to)).toEqual({
      outcome: 'unfit',
      rule: `is refused by redis.internal:6379: ${message}`,
    }),
  );

  it.each<[string, unknown, string]>([
    [
      'another protocol',
      new Error('Protocol error, got "H" as reply type byte. Please report this.'),
      'names redis.internal:6379, which does not speak as a Redis does',
    ],
    ['a server without TLS', coded('EPROTO'), 'asks for TLS, which redis.internal:6379 does not speak'],
    [
      'a certificate of another authority',
      coded('SELF_SIGNED_CERT_IN_CHAIN'),
      'names redis.internal:6379, whose certificate is not trusted (connect SELF_SIGNED_CERT_IN_CHAIN); give its authority with REDIS_CA_FILE=<file>',
    ],
    ['a socket that is not there', coded('ENOENT'), 'names redis.internal:6379, which is not there'],
  ])('that finds %s refuses the start', (_what, error, rule) =>
    expect(judged([error, closed], to)).toEqual({ outcome: 'unfit', rule }),
  );

  it.each<[string, unknown, string]>([
    ['nothing', coded('ECONNREFUSED'), 'names redis.internal:6379, where nothing listens'],
    [
      'nothing at two addresses',
      new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]),
      'names redis.internal:6379, where nothing listens',
    ],
    ['an unknown name', coded('ENOTFOUND'), 'names the host redis.internal, which is not known'],
    ['silence', coded('ETIMEDOUT'), 'names redis.internal:6379, which does not answer'],
    [
      'a Redis that still reads its file',
      new Error('Ready check failed: LOADING Redis is loading the dataset in memory'),
      'names redis.internal:6379, which says Ready check failed: LOADING Redis is loading the dataset in memory',
    ],
    ['an end without a word', closed, 'names redis.internal:6379, which hung up; is it a Redis?'],
  ])('that finds %s lets the service start without it, and says why', (_what, error, reason) =>
    expect(judged([error, closed], to)).toEqual({ outcome: 'away', reason }),
  );
});

describe('the address of Redis', () => {
  const load = (environment: Record<string, string>) => () => loadSettings([QueueSettings], environment);
  const cluster = { REDIS_CLUSTER: 'true' };
  const sentinels = { REDIS_SENTINELS: 'sentinel-1:26379, sentinel-2' };

  it.each<[string, Record<string, string>]>([
    ['redis://redis', {}],
    ['redis://:secret@redis:6379/', {}],
    ["redis://:a$&b$'c$1@redis:6379/", {}],
    ['rediss://mpp:p%23ss@redis:6380/15?family=6', {}],
    ['redis://mpp:secret@node-1:6379,node-2:6379', cluster],
    ['rediss://node-1,[::1]:7000/0', { ...cluster, QUEUE_PREFIX: '{bullmq}' }],
    ['redis://:secret@mymaster/1', sentinels],
  ])('is read: %s', (REDIS_URL, others) => expect(load({ REDIS_URL, ...others })).not.toThrow());

  it.each<[string, string, Record<string, string>]>([
    ['redis://redis:6379/mpp', 'REDIS_URL: must end with host and port, or with /0', {}],
    ['redis://redis:6379/0/1', 'REDIS_URL: must end with host and port, or with /0', {}],
    ['redis://:p#ss@redis:6379', 'REDIS_URL: has a # in it', {}],
    ['redis://redis-1:6379,redis-2:6379', 'REDIS_URL: names more than one host', {}],
    ['http://redis:6379', 'REDIS_URL: must begin with redis:// or rediss://', {}],
    ['redis://node-1,,node-2', 'REDIS_URL: has an empty name', cluster],
    ['redis://node-1:99999,node-2', 'REDIS_URL: cannot be read', cluster],
    ['redis://node-1,node-2/3', 'REDIS_URL: must not name a database', cluster],
    [
      'redis://mymaster',
      'REDIS_CLUSTER: must not be true with REDIS_SENTINELS',
      { ...cluster, ...sentinels },
    ],
    ['', 'REDIS_SENTINELS: is of use with REDIS_URL only', sentinels],
    ['redis://mymaster', 'REDIS_SENTINELS: must be a list', { REDIS_SENTINELS: 'redis://sentinel:26379' }],
    ['redis://redis', 'REDIS_CA_FILE: is of use for TLS only', { REDIS_CA_FILE: '/ca.pem' }],
    ['', 'QUEUE_PREFIX: must not have braces without REDIS_URL', { QUEUE_PREFIX: '{bullmq}' }],
    ['redis://redis', 'QUEUE_PREFIX: must be lower-case', { QUEUE_PREFIX: '{bull}mq' }],
  ])('is refused with the name of its setting: %s (%s)', (REDIS_URL, fault, others) =>
    expect(load({ REDIS_URL, ...others })).toThrow(fault),
  );
});

describe('the target of the settings', () => {
  const target = (environment: Record<string, string>) => {
    const settings = loadSettings([QueueSettings], environment).get(QueueSettings);
    return redisTarget(settings.redisUrl ?? '', settings);
  };

  it('is the nodes of a cluster, with the password unchanged', () =>
    expect(target({ REDIS_URL: 'redis://mpp:p%40ss%2F@node-1,[::1]:7000', REDIS_CLUSTER: 'true' })).toEqual({
      mode: 'cluster',
      nodes: [
        { host: 'node-1', port: 6379 },
        { host: '::1', port: 7000 },
      ],
      options: { username: 'mpp', password: 'p@ss/' },
    }));

  it('is the group that the sentinels know', () =>
    expect(
      target({
        REDIS_URL: 'rediss://:secret@main-group/2',
        REDIS_SENTINELS: 'sentinel-1,sentinel-2:5000',
        REDIS_SENTINEL_USERNAME: 'watcher',
      }),
    ).toEqual({
      mode: 'sentinel',
      sentinels: [
        { host: 'sentinel-1', port: 26379 },
        { host: 'sentinel-2', port: 5000 },
      ],
      options: {
        password: 'secret',
        db: 2,
        name: 'main-group',
        tls: {},
        sentinelTLS: {},
        enableTLSForSentinelMode: true,
        sentinelUsername: 'watcher',
      },
    }));

  it.each([
    ['cluster', 'bullmq', '{bullmq-mail}'],
    ['cluster', '{bullmq}', '{bullmq}'],
    ['single', 'bullmq', 'bullmq'],
    ['sentinel', 'bullmq', 'bullmq'],
  ] as const)('keeps a queue together: %s, %s', (mode, prefix, used) =>
    expect(prefixOf({ mode }, prefix, 'mail')).toBe(used),
  );
});
