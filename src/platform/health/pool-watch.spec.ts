import { EventEmitter } from 'node:events';
import { UNCONNECTED } from '../database/telling-pool.js';
import { PoolWatch } from './pool-watch.js';

describe('the watch over a pool', () => {
  it.each([
    ['an answer', undefined, false],
    ['a refused statement', Object.assign(new Error('duplicate key'), { code: '23505' }), false],
    ['a server that stops', Object.assign(new Error('terminating connection'), { code: '57P01' }), true],
    ['a connection that broke', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }), true],
    ['silence', new Error('Query read timeout'), true],
    ['a connection that is thrown away', true, false],
  ])('counts %s correctly', (_what, error, isFailing) => {
    const pool = new EventEmitter();
    const watch = new PoolWatch(pool);
    pool.emit('release', error);
    expect(watch.failingSinceMs !== undefined).toBe(isFailing);
    pool.emit('release');
    expect(watch.failingSinceMs).toBeUndefined();
  });

  it('knows the start of a failure, however often it is repeated', () => {
    const pool = new EventEmitter();
    const watch = new PoolWatch(pool);
    pool.emit('release', new Error('Query read timeout'));
    const since = watch.failingSinceMs;
    pool.emit('release', new Error('Query read timeout'));
    expect(watch.failingSinceMs).toBe(since);
  });

  it('counts a connection that could not be made', () => {
    const pool = new EventEmitter();
    const watch = new PoolWatch(pool);
    pool.emit(UNCONNECTED, Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
    expect(watch.failingSinceMs).toBeDefined();
    pool.emit('release');
    expect(watch.failingSinceMs).toBeUndefined();
  });
});
