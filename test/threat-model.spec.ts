import { existsSync, readFileSync } from 'node:fs';

const rows = readFileSync('docs/threat-model.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| [stride] +\|/.test(line));

describe('docs/threat-model.md', () => {
  it('has rows for every kind of threat', () => {
    expect(new Set(rows.map((row) => row[2]))).toEqual(new Set('stride'));
  });

  it.each(rows)('names a test that is there: %s', (row) => {
    const [, file = '', title = ''] = /`([\w./-]+\.spec\.tsx?)`: "([^"]+)" *\|$/.exec(row) ?? [];
    expect({ row, isThere: existsSync(file) }).toEqual({ row, isThere: true });
    expect(readFileSync(file, 'utf8')).toContain(title);
  });
});
