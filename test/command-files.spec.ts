import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand, UsageError } from '../command-line/run-command.js';
import { readTransactions } from '../scripts/reconcile-check/transaction-file.js';
import { command as refund } from '../scripts/refund.js';
import { command as repair } from '../scripts/repair.js';
import { command as verifyHistory } from '../scripts/verify-history.js';

const folder = mkdtempSync(join(tmpdir(), 'files-'));
const HEAD = 'paymentRequestId,amount,currency';

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const FILES = {
  folder: join(folder, 'folder.csv'),
  missing: join(folder, 'missing.csv'),
  empty: file('empty.csv', ''),
  nul: file('nul.csv', `${HEAD}\n1\0,5,HKD\n`),
  utf16: file('utf16.csv', Buffer.from(`\ufeff${HEAD}\n1,5,HKD\n`, 'utf16le')),
  onlyNames: file('only-names.csv', 'id,amount,currency\n'),
  twice: file('twice.csv', `${HEAD},amount\n1,5,HKD,6\n`),
};
mkdirSync(FILES.folder);

async function answered(command: Parameters<typeof runCommand>[0], args: string[]) {
  const said = { out: '', err: '' };
  const code = await runCommand(command, args, {
    log: (text) => void (said.out += text),
    error: (text) => void (said.err += text),
  });
  return { code, ...said };
}

afterAll(() => rmSync(folder, { recursive: true }));

describe('transactions of Alipay+ for mpp reconcile-check', () => {
  const read = async (path: string): Promise<number> => {
    let lines = 0;
    for await (const _ of readTransactions(path)) lines += 1;
    return lines;
  };

  it.each([
    ['a folder', FILES.folder, 'cannot be read: EISDIR'],
    ['no file', FILES.missing, 'cannot be read: ENOENT'],
    ['a file that is empty, as after a download that broke off', FILES.empty, 'it has no line of names'],
    ['a NUL, which no database takes', FILES.nul, 'nul.csv:1: paymentRequestId holds a NUL'],
    ['another encoding', file('latin-1.csv', Buffer.from(`${HEAD}\n\u00e9,5,HKD\n`, 'latin1')), 'not UTF-8'],
    ['other names, also without a line below', FILES.onlyNames, 'has no paymentRequestId'],
    ['a name that is there twice', FILES.twice, 'has amount twice'],
  ])('are refused by the name of the file: %s', async (_what, path, why) => {
    const reading = read(path);
    await expect(reading).rejects.toThrow(UsageError);
    await expect(reading).rejects.toThrow(why);
  });

  it('may be none', async () => {
    expect(await read(file('none.csv', `${HEAD}\n`))).toBe(0);
  });
});

describe('what Alipay+ counts as paid, for mpp repair', () => {
  const run = (path: string) =>
    answered(
      repair,
      `--from 2026-03-01T08:00:00Z --to 2026-03-01T08:10:00Z --paid ${path} --apply --reason test`.split(' '),
    );

  it.each([
    ['a folder', FILES.folder, 'folder.csv cannot be read'],
    ['no file', FILES.missing, 'missing.csv cannot be read'],
    ['an empty list: all that is not on it may be given back', FILES.empty, 'names no payment'],
    ['a NUL', FILES.nul, 'nul.csv:2: holds a NUL'],
    ['another encoding', FILES.utf16, 'holds a NUL, or is not UTF-8'],
    ['a table', file('table.csv', `${HEAD}\n1,5,HKD\n`), 'has to be one paymentRequestId a line'],
    ['a sentence', file('words.txt', 'nothing was paid\n'), 'has to be one paymentRequestId a line'],
    ['something longer than any id', file('long.txt', `${'9'.repeat(65)}\n`), 'one paymentRequestId a line'],
  ])('is refused before anything is asked: %s', async (_what, path, why) => {
    expect(await run(path)).toMatchObject({ code: 2, err: expect.stringContaining(why) });
  });
});

describe('what mpp verify-history compares with', () => {
  it.each([
    [['--anchors', FILES.folder], 'folder.csv cannot be read'],
    [['--anchors', FILES.nul], 'holds a NUL'],
    [['--anchors', file('cut.log', '{"event":"records.anchored","day":"2026-0\n')], 'has a broken line'],
    [['--from', '2026-03-01', '--rows', FILES.missing], 'missing.csv cannot be read'],
    [['--from', '2026-03-01', '--rows', FILES.onlyNames], 'is no list of rows'],
    [['--list', '2026-02-30'], 'a day such as'],
    [['--from', '2026-13-01'], 'a day such as'],
  ])('is refused as wrong usage: %j', async (args, why) => {
    expect(await answered(verifyHistory, args)).toMatchObject({ code: 2, err: expect.stringContaining(why) });
  });
});

describe('mpp refund', () => {
  it('explains its exit codes in one sentence', async () => {
    const { out } = await answered(refund, ['--help']);
    expect(out).toContain('2 wrong usage, 3 one of them is not settled.');
  });
});
