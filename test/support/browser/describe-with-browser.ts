import { spawnSync } from 'node:child_process';

/** Debian's own; the tests download no browser. */
export const CHROMIUM = '/usr/bin/chromium';

const isInstalled = spawnSync(CHROMIUM, ['--version']).status === 0;

/**
 * A suite that needs a real browser. Where Chromium is not installed the suite is left out and the output says so; with
 * REQUIRE_BROWSER=1 that is a failure.
 */
export function describeWithBrowser(name: string, suite: () => void): void {
  if (isInstalled) {
    describe(name, suite);
  } else if (process.env['REQUIRE_BROWSER'] === '1') {
    test(`${name}: ${CHROMIUM} is installed, because REQUIRE_BROWSER is 1`, () => {
      throw new Error(`${CHROMIUM} is not installed`);
    });
  } else {
    process.stderr.write(`LEFT OUT, ${CHROMIUM} is not installed: ${name}\n`);
    describe.skip(`LEFT OUT, ${CHROMIUM} is not installed: ${name}`, suite);
  }
}
