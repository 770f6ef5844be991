import { loadSettings } from '../config/load-settings.js';
import { QueueSettings } from './queue.settings.js';
import { redisTarget } from './redis-target.js';

const CLUSTER = { REDIS_CLUSTER: 'true' };
const SENTINELS = { REDIS_SENTINELS: '[::1]:26379,s2' };

function targetOf(url: string, more: Readonly<Record<string, string>> = {}) {
  const settings = loadSettings([QueueSettings], { REDIS_URL: url, ...more }).get(QueueSettings);
  return redisTarget(settings.redisUrl ?? '', settings);
}

describe('the address of a Redis', () => {
  it.each([
    ['redis://[::1]:6390/2?family=6', {}, { mode: 'single', url: 'redis://[::1]:6390/2?family=6' }],
    ['rediss://u:p%2F@h', {}, { mode: 'single', options: { tls: {} } }],
    [
      'redis://u:p%40@[::1]:1,h2/0?family=0',
      CLUSTER,
      {
        mode: 'cluster',
        nodes: [
          { host: '::1', port: 1 },
          { host: 'h2', port: 6379 },
        ],
        options: { username: 'u', password: 'p@', family: 0 },
      },
    ],
    [
      'redis://:secret@my-group.eu/3?family=6',
      SENTINELS,
      {
        mode: 'sentinel',
        sentinels: [
          { host: '::1', port: 26379 },
          { host: 's2', port: 26379 },
        ],
        options: { name: 'my-group.eu', db: 3, password: 'secret', family: 6 },
      },
    ],
  ])('%s', (url, more, target) => expect(targetOf(url, more)).toMatchObject(target));

  it.each([
    ['redis://h/0?keyPrefix=zz', {}, 'has a parameter keyPrefix'],
    ['redis://h/0?tls=true', {}, 'has a parameter tls'],
    ['redis://h?db=3', {}, 'has a parameter db'],
    ['redis://h/0?family=6&enableOfflineQueue=true', {}, 'has a parameter enableOfflineQueue'],
    ['redis://h1,h2/0?password=x', CLUSTER, 'has a parameter password'],
    ['redis://group/0?readOnly=true', SENTINELS, 'has a parameter readOnly'],
    ['redis://h/0?family=5', {}, 'must have one of family=4'],
    ['redis://h/0?family=4&family=6', {}, 'must have one of family=4'],
  ])('%s is refused', (url, more, rule) => expect(() => targetOf(url, more)).toThrow(`REDIS_URL: ${rule}`));
});
