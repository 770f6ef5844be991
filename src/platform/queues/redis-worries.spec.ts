import { EventLog } from '../logging/event-log.js';
import { RedisWorries, type RedisWorry } from './redis-worries.js';

function watched() {
  const events: string[] = [];
  const log = new EventLog({ level: 'info' }, { write: (line) => events.push(JSON.parse(line).event) });
  const worries = new RedisWorries(log);
  return { events, worries, log };
}

const EVICTS: RedisWorry = { worry: 'evicts', policy: 'allkeys-lru' };
const REPLICA: RedisWorry = { worry: 'replica', primary: 'redis-1:6379' };

describe('worries about a Redis', () => {
  it.each([
    [EVICTS, 'queue.redis_may_evict', 'queue.redis_evicts_nothing'],
    [REPLICA, 'queue.redis_is_replica', 'queue.redis_is_primary'],
  ])('are told once, and when they are over: %j', (worry, began, ended) => {
    const { worries, events } = watched();
    worries.found([worry]);
    worries.found([worry]);
    expect(events).toEqual([began]);
    worries.found([]);
    worries.found([]);
    expect(events).toEqual([began, ended]);
    worries.found([worry]);
    expect(events).toEqual([began, ended, began]);
  });

  it('are alarms for as long as they last', async () => {
    const { worries, log } = watched();
    const raisedAt = () => log.alarms.get('queue.redis_may_evict')?.atMs ?? 0;
    worries.found([EVICTS, REPLICA]);
    const first = raisedAt();
    while (Date.now() <= first) await new Promise(setImmediate);
    expect(raisedAt()).toBeGreaterThan(first);
    worries.found([REPLICA]);
    expect(raisedAt()).toBeLessThanOrEqual(first);
  });

  it('are told of one beside the other', () => {
    const { worries, events } = watched();
    worries.found([EVICTS]);
    worries.found([REPLICA, EVICTS]);
    worries.found([REPLICA]);
    expect(events).toEqual(['queue.redis_may_evict', 'queue.redis_is_replica', 'queue.redis_evicts_nothing']);
  });
});
