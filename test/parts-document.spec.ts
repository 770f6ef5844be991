import { readdirSync, readFileSync } from 'node:fs';

const PAGE = readFileSync('docs/parts.md', 'utf8');
const specsOf = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.spec.ts'))
    .map((name) => name.replace(/\.ts$/, ''));
const named = (text: string) => [...text.matchAll(/`([\w-]+\.spec)`/g)].map(([, name]) => name ?? '');

/** The rows of the table of parts, by the program each was tested with. */
const rows = PAGE.split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => cells.length === 7)
  .slice(2)
  .map(([, part = '', , , triedOn = '', result = '']) => ({ part, triedOn: named(triedOn), result }));
/** The specs that `npm run test:parts` does not run, as the page says. */
const elsewhere = named(/all but those of (.*), which/.exec(PAGE)?.[1] ?? '');

describe('docs/parts.md', () => {
  it('has a row or a paragraph for everything that `npm run test:parts` runs', () => {
    expect(specsOf('test/parts').filter((name) => !named(PAGE).includes(name))).toEqual([]);
  });

  it('names for each part the tested program and the result', () => {
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter(({ triedOn, result }) => triedOn.length === 0 || result === '')).toEqual([]);
  });

  it('names only specs that are run: by `npm run test:parts`, or beside it by `npm test`', () => {
    const [parts, others] = [specsOf('test/parts'), specsOf('test/integration')];
    const run = named(PAGE).filter((name) => !parts.includes(name));
    expect([...new Set(run)].sort()).toEqual([...elsewhere].sort());
    expect(elsewhere.filter((name) => !others.includes(name))).toEqual([]);
  });
});
