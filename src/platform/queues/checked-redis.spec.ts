import { loadSettings } from '../config/load-settings.js';
import { judged } from './checked-redis.js';
import { QueueSettings } from './queue.settings.js';

const to = { host: 'redis.internal', port: 6379 };
const coded = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });
const closed = new Error('Connection is closed.');

describe('a first look at Redis', () => {
  it.each([
    ['a wrong password', 'WRONGPASS invalid username-password pair or user is disabled.'],
    ['no password', 'NOAUTH Authentication required.'],
    ['a password of Redis 5', 'ERR invalid password'],
    ['a user without rights', "NOPERM User reader has no permissions to run the 'ping' command"],
    ['a database that is not there', 'ERR DB index is out of range'],
    ['a database in a cluster', 'ERR SELECT is not allowed in cluster mode'],
  ])('that %s ends refuses the start with what Redis said', (_what, message) =>
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
    ['a socket that is not there', coded('ENOENT'), 'names redis.internal:6379, which is not there'],
  ])('that meets %s refuses the start', (_what, error, rule) =>
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
  ])('that meets %s lets the service start without it, and says why', (_what, error, reason) =>
    expect(judged([error, closed], to)).toEqual({ outcome: 'away', reason }),
  );
});

describe('the address of Redis', () => {
  const load = (REDIS_URL: string) => () => loadSettings([QueueSettings], { REDIS_URL });

  it.each(['redis://redis', 'redis://:secret@redis:6379/', 'rediss://mpp:p%23ss@redis:6380/15?family=6'])(
    'is read: %s',
    (url) => expect(load(url)).not.toThrow(),
  );

  it.each([
    ['redis://redis:6379/mpp', 'must end with host and port, or with /0'],
    ['redis://redis:6379/0/1', 'must end with host and port, or with /0'],
    ['redis://:p#ss@redis:6379', 'has a # in it'],
    ['redis://redis-1:6379,redis-2:6379', 'names more than one host'],
    ['http://redis:6379', 'must begin with redis:// or rediss://'],
  ])('is refused by the name of its setting: %s', (url, rule) => {
    expect(load(url)).toThrow('REDIS_URL: ');
    expect(load(url)).toThrow(rule);
  });
});
