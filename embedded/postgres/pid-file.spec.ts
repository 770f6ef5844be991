import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discardPidFile, parsePidFile, pidFilePath, readPidFile } from './pid-file.js';

const RUNNING = '4711\n/data\n1700000000\n54321\n\n127.0.0.1\n  1234567         0\nready   \n';

let dataDirectory: string;

beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'pid-file-'));
});

afterEach(() => rm(dataDirectory, { recursive: true, force: true }));

const write = async (text: string, ageMs: number): Promise<void> => {
  await writeFile(pidFilePath(dataDirectory), text);
  const then = new Date(Date.now() - ageMs);
  await utimes(pidFilePath(dataDirectory), then, then);
};

test('process and port are read from their lines', () => {
  expect(parsePidFile(RUNNING)).toMatchObject({ pid: 4711, port: 54321 });
});

test('a server has its port once the last line says that it is ready', () => {
  expect(parsePidFile(RUNNING).isReady).toBe(true);
  expect(parsePidFile(RUNNING.replace('ready   ', 'starting')).isReady).toBe(false);
  expect(parsePidFile('4711\n/data\n1700000000\n54321\n').isReady).toBe(false);
});

test.each(['', 'nonsense', '-4711\n\n\n0\n', '4711.5\n'])(
  'a damaged file %j names no process and no port',
  (text) => {
    expect(parsePidFile(text)).toMatchObject({ pid: undefined, port: undefined });
  },
);

test('without a file nobody claims the directory', async () => {
  expect(await readPidFile(dataDirectory)).toBeUndefined();
});

test('an old file is discarded', async () => {
  await write(RUNNING, 60_000);
  expect(await discardPidFile(dataDirectory, parsePidFile(RUNNING), 10_000)).toBe(true);
  expect(await readdir(dataDirectory)).toEqual([]);
});

test('a young file is left alone, because its server may not listen yet', async () => {
  await write(RUNNING, 0);
  expect(await discardPidFile(dataDirectory, parsePidFile(RUNNING), 10_000)).toBe(false);
  expect(await readFile(pidFilePath(dataDirectory), 'utf8')).toBe(RUNNING);
});

test('a file that was replaced after it was judged stays where it is', async () => {
  const newer = RUNNING.replace('4711', '4712');
  await write(newer, 60_000);
  expect(await discardPidFile(dataDirectory, parsePidFile(RUNNING), 10_000)).toBe(false);
  expect(await readFile(pidFilePath(dataDirectory), 'utf8')).toBe(newer);
});
