import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { descendantsOf } from '../smoke/process-table.js';
import { describeWithPart } from '../support/parts/describe-with-part.js';
import type { Json } from '../support/service/api-client.js';
import { until } from '../support/service/until.js';

// The last limit: each wait in here has a limit of its own that names what it waits for.
jest.setTimeout(600_000);

const START_PATIENCE_MS = 200_000;
/** Longer than the demo itself waits for the alarm. */
const ALARM_PATIENCE_MS = 150_000;

describeWithPart('prometheus', 'npm run demo -- --observe', () => {
  it('shows an alarm fire while Alipay+ hangs up, stays, and leaves nothing behind after Ctrl-C', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'demo-observed-'));
    // Where tests run as root, PostgreSQL runs as another user.
    chmodSync(folder, 0o755);
    const demo = spawn(process.execPath, [resolve('dist/scripts/demo.js'), '--observe'], { cwd: folder });
    const ended = once(demo, 'exit');
    let said = '';
    for (const output of [demo.stdout, demo.stderr])
      output.on('data', (bytes: Buffer) => (said += bytes.toString()));
    /** The next matching output; the program may also end before. */
    const says = (what: string, pattern: RegExp, patienceMs: number): Promise<RegExpExecArray> =>
      until(
        what,
        () => {
          if (demo.exitCode !== null) throw new Error(`it ended before: ${said}`);
          return pattern.exec(said) ?? undefined;
        },
        patienceMs,
      );
    try {
      const [, url = ''] = await says('it starts', /Prometheus +(\S+)\/alerts/, START_PATIENCE_MS);
      const raised = /^ +page +AlipayPlusUnreachable +after \d+ s$/m;
      await says('the alarm fires', raised, ALARM_PATIENCE_MS);
      await says('it stays', /Alipay\+ answers again.*Ctrl-C\./, ALARM_PATIENCE_MS);

      const rules: Json = await (await fetch(`${url}/api/v1/rules`)).json();
      expect(JSON.stringify(rules.data.groups)).toContain('"name":"AlipayPlusUnreachable"');
      const query = new URLSearchParams({
        query: 'max_over_time(ALERTS{alertname="AlipayPlusUnreachable",alertstate="firing"}[10m])',
      });
      const fired: Json = await (await fetch(`${url}/api/v1/query?${query.toString()}`)).json();
      expect(fired.data.result).toContainEqual(
        expect.objectContaining({
          metric: expect.objectContaining({ api: 'userInitiatedPay', severity: 'page' }),
        }),
      );

      const started = await descendantsOf(demo.pid ?? -1);
      expect(started.map(({ command }) => command)).toContainEqual(expect.stringMatching(/^prometheus /));
      demo.kill('SIGINT');
      expect(await ended).toEqual([0, null]);
      await until('everything it started is gone', () => !started.some(({ pid }) => isThere(pid)));
      expect(readdirSync(join(folder, '.data'))).toEqual([]);
    } finally {
      demo.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true });
    }
  });
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
