import { spawnSync } from 'node:child_process';

const isInstalled = spawnSync('redis-server', ['--version']).status === 0;

/**
 * A suite that needs a real Redis. Where `redis-server` is not installed the suite is left out and the output says so;
 * with REQUIRE_REDIS=1 that is a failure.
 */
export function describeWithRedis(name: string, suite: () => void): void {
  if (isInstalled) {
    describe(name, suite);
  } else if (process.env['REQUIRE_REDIS'] === '1') {
    test(`${name}: redis-server is installed, because REQUIRE_REDIS is 1`, () => {
      throw new Error('redis-server is not installed');
    });
  } else {
    process.stderr.write(`LEFT OUT, redis-server is not installed: ${name}\n`);
    describe.skip(`LEFT OUT, redis-server is not installed: ${name}`, suite);
  }
}
