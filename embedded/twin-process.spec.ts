import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTwinProcess, type TwinProcess } from './twin-process.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twin-process-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A program in the twin's place that does not end by SIGTERM. */
async function start(
  said: string,
  limits: { startMs?: number; stopMs?: number },
  signal?: AbortSignal,
): Promise<TwinProcess> {
  const program = join(folder, 'stubborn.mjs');
  const code = `process.on('SIGTERM', () => {}); setInterval(() => {}, 60_000); console.log(${JSON.stringify(said)});`;
  await writeFile(program, code);
  const keys = { mppPrivate: '', mppPublic: '', alipayPlusPrivate: '', alipayPlusPublic: '' };
  const options = {
    directory: folder,
    keys,
    clientId: '',
    mppBaseUrl: '',
    inquiryPath: '',
    cancelPath: '',
    refundPath: '',
    inquiryRefundPath: '',
    signal,
  };
  return startTwinProcess(options, { program, ...limits });
}

test('a twin that does not listen is ended, and the error names the exceeded limit', async () => {
  await expect(start('{}', { startMs: 50, stopMs: 50 })).rejects.toThrow(
    'waited 0.05 s in vain until the twin listened',
  );
});

test('a twin that ignores the request to stop is killed', async () => {
  const twin = await start('{"url":"http://127.0.0.1:1"}', { stopMs: 50 });
  await twin.stop();
  await twin.stop();
});

test('a twin that is no longer wanted is not started', async () => {
  const reason = new Error('told to stop');
  await expect(start('{}', {}, AbortSignal.abort(reason))).rejects.toBe(reason);
});
