import { spawnSync } from 'node:child_process';

/** Debian programs that some tests need, and how to detect them. */
const PARTS = {
  'redis-server': ['--version'],
  'valkey-server': ['--version'],
  pgbouncer: ['--version'],
  haproxy: ['-v'],
  faketime: ['--version'],
  prometheus: ['--version'],
  promtool: ['--version'],
  pg_basebackup: ['--version'],
} as const satisfies Record<string, readonly string[]>;

export type Part = keyof typeof PARTS;

/** In CI a missing part is a failure, not a test left out. */
const REQUIRED_BY: Readonly<Record<Part, readonly string[]>> = {
  'redis-server': ['REQUIRE_PARTS', 'REQUIRE_REDIS'],
  'valkey-server': ['REQUIRE_VALKEY'], // Debian 12 has it among its backports only
  pgbouncer: ['REQUIRE_PARTS', 'REQUIRE_PGBOUNCER'],
  haproxy: ['REQUIRE_PARTS'],
  faketime: ['REQUIRE_PARTS', 'REQUIRE_FAKETIME'],
  prometheus: ['REQUIRE_PARTS', 'REQUIRE_PROMETHEUS'],
  promtool: ['REQUIRE_PARTS', 'REQUIRE_PROMETHEUS'],
  pg_basebackup: ['REQUIRE_PARTS'],
};

/** A suite that needs a real program. Where it is not installed the suite is left out, and the output says so. */
export function describeWithPart(part: Part, name: string, suite: () => void): void {
  if (spawnSync(part, PARTS[part]).status === 0) {
    describe(name, suite);
    return;
  }
  const requiredBy = REQUIRED_BY[part].find((setting) => process.env[setting] === '1');
  if (requiredBy !== undefined) {
    test(`${name}: ${part} is installed, because ${requiredBy} is 1`, () => {
      throw new Error(`${part} is not installed`);
    });
    return;
  }
  process.stderr.write(`LEFT OUT, ${part} is not installed: ${name}\n`);
  describe.skip(`LEFT OUT, ${part} is not installed: ${name}`, suite);
}
