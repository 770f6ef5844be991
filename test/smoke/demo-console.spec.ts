import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ConsoleClient } from '../support/browser/console-client.js';
import { until } from '../support/service/until.js';

jest.setTimeout(120_000);

test('the demo leaves a console with continuing payments, prints how to sign in, and ends in order on Ctrl-C', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-console-'));
  // Where tests run as root, PostgreSQL runs as another user.
  chmodSync(folder, 0o755);
  const demo = spawn(process.execPath, [resolve('dist/scripts/demo.js'), '--console'], { cwd: folder });
  const ended = once(demo, 'exit');
  let said = '';
  demo.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
  demo.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const found = await until(
    'it says where it is, and how far it is',
    () => (said.includes('50 minutes') && /Console +(\S+)\/console\n +Token +(\S+)/.exec(said)) ?? undefined,
    100_000,
  );
  const [, url = '', token = ''] = found;
  const client = new ConsoleClient(url);
  expect((await client.signIn(token)).status).toBe(303);
  const { text } = await client.get('/console/payments');
  expect(text).toContain('Kissa Komorebi');
  demo.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
  expect(readdirSync(join(folder, '.data'))).toEqual([]);
  rmSync(folder, { recursive: true });
});
