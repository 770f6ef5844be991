import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { ConsoleClient } from '../support/browser/console-client.js';
import { until } from '../support/service/until.js';

jest.setTimeout(120_000);

const demos: ChildProcess[] = [];
afterEach(() => {
  for (const demo of demos.splice(0)) demo.kill('SIGINT');
});

function demoIn(folder: string, option: string) {
  const demo = spawn(process.execPath, [resolve('dist/scripts/demo.js'), option], { cwd: folder });
  demos.push(demo);
  return demo;
}

/** Where tests run as root, PostgreSQL runs as another user. */
function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'demo-'));
  chmodSync(folder, 0o755);
  return folder;
}

test('the demo prints one JSON document when it is asked for one', async () => {
  const folder = aFolder();
  const demo = demoIn(folder, '--json');
  const [printed] = await Promise.all([text(demo.stdout), once(demo, 'exit')]);
  expect(JSON.parse(printed)).toMatchObject({ books: { agree: true } });
  rmSync(folder, { recursive: true });
});

test('the demo leaves a console with continuing payments, prints how to sign in, and ends in order on Ctrl-C', async () => {
  const folder = aFolder();
  const demo = demoIn(folder, '--console');
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
  expect((await client.get('/console/payments')).text).toContain('Kissa Komorebi');
  expect(said).not.toContain('"event":');
  demo.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
  expect(readdirSync(join(folder, '.data'))).toEqual([]);
  rmSync(folder, { recursive: true });
});
