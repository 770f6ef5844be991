import { Cluster, type Redis } from 'ioredis';
import type { RedisConnection } from './redis-target.js';

const TIMER = 'socketTimeoutTimer';

/**
 * The library starts a timer with a command and stops it when data come. Of a stream that ends before, it goes on and
 * then ends the next stream, which is fine: so after an outage a process would lose a good connection again and again.
 * Versions after 5.11.1 do this themselves.
 */
export function endTimerWithStream(connection: RedisConnection): void {
  if (connection instanceof Cluster) connection.on('+node', endTimerOf);
  else endTimerOf(connection);
}

function endTimerOf(redis: Redis): void {
  redis.on('close', () => {
    clearTimeout(Reflect.get(redis, TIMER));
    Reflect.set(redis, TIMER, undefined);
  });
}
