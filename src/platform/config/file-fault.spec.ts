import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileFault, unreadableFile } from './file-fault.js';

describe('a file that a setting names', () => {
  const folder = mkdtempSync(join(tmpdir(), 'file-fault-'));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  afterAll(() => rmSync(folder, { recursive: true }));

  const faultOf = (path: string): string => {
    try {
      readFileSync(path, 'utf8');
      return '';
    } catch (error) {
      return unreadableFile(error, path);
    }
  };

  it.each([
    ['is missing', join(folder, 'none'), `names ${folder}/none, which is not there`],
    ['is a folder', folder, `names ${folder}, which is a folder; a file is needed`],
    [
      'lies below a file',
      join(file, 'key.pem'),
      `names ${file}/key.pem, which is not there: a part of that path is a file`,
    ],
    ['is named from the current folder', './none.pem', `names ${resolve('none.pem')}, which is not there`],
    ['is named without a folder', 'none.pem', `names ${resolve('none.pem')}, which is not there`],
  ])('that %s is reported in one sentence', (_what, path, sentence) => expect(faultOf(path)).toBe(sentence));

  it.each([
    ['EACCES', 'names /key.pem, which this process may not read'],
    ['EMFILE', 'names /key.pem, which cannot be read (EMFILE)'],
  ])('is reported by the code %s', (code, sentence) =>
    expect(unreadableFile(Object.assign(new Error('x'), { code }), '/key.pem')).toBe(sentence),
  );

  it.each([
    ['a PEM', `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBg'.repeat(100)}\n-----END PRIVATE KEY-----`],
    ['bare base64', 'MIIEvQIBADANBg'.repeat(10)],
    ['a long text with an ending', `${'MIIEvQIBADANBg/'.repeat(20)}.pem`],
    ['a secret', 'correct-horse-battery-staple-and-more'],
    ['JSON', '[{"name":"app","sha256":"00","scopes":[]}]'],
  ])('is not repeated where %s stands in its place', (_what, content) => {
    expect(faultOf(content)).toMatch(/^names something, which is (not there|too long for a path; .+)/);
    expect(fileFault(content, 'is empty')).not.toContain(content.slice(0, 12));
  });
});
