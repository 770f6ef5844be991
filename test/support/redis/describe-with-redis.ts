import type { RedisProgram } from '../../../scripts/drill/programs/private-redis.js';
import { describeWithPart } from '../parts/describe-with-part.js';

/** A suite that needs a real Redis. */
export function describeWithRedis(name: string, suite: () => void): void {
  describeWithPart('redis-server', name, suite);
}

/** A suite that is run on a real Redis, and again on Valkey. */
export function describeWithEachRedis(name: string, suite: (program: RedisProgram) => void): void {
  for (const program of ['redis-server', 'valkey-server'] as const)
    describeWithPart(program, `${program}: ${name}`, () => suite(program));
}
