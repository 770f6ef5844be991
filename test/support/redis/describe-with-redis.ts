import { describeWithPart } from '../parts/describe-with-part.js';

/** A suite that needs a real Redis. */
export function describeWithRedis(name: string, suite: () => void): void {
  describeWithPart('redis-server', name, suite);
}
