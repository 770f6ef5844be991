import { readFileSync } from 'node:fs';
import { getMetadataArgsStorage } from 'typeorm';
import { ENTITIES } from '../src/app.module.js';
import { settingsOf } from '../src/platform/config/from-env.js';
import { SETTINGS } from '../src/settings.js';

const text = readFileSync('docs/privacy.md', 'utf8');
const section = (title: string): string => text.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? '';

/** `table.column` of every table of the service. */
const columns = ENTITIES.flatMap((entity) => {
  const { tables, columns: declared } = getMetadataArgsStorage();
  const table = tables.find(({ target }) => target === entity)?.name ?? '';
  return declared
    .filter(
      ({ target }) =>
        target === entity || (typeof target === 'function' && entity.prototype instanceof target),
    )
    .map(({ options, propertyName }) => `${table}.${options.name ?? propertyName}`);
});

const personal = [...section('Columns with personal data').matchAll(/`(\w+\.\w+)`/g)].map(
  ([, name]) => name ?? '',
);
const others = [
  ...section('Columns without personal data').matchAll(/^\| `(\w+)`\s*\| (.+?)\s*\|$/gm),
].flatMap(([, table, names]) => (names ?? '').split(', ').map((name) => `${table}.${name}`));

describe('docs/privacy.md', () => {
  it('has a class for every retention setting, with its default', () => {
    const settings = SETTINGS.flatMap(settingsOf).filter(({ name }) => name.includes('_RETENTION_'));
    const classes = section('How long each class is kept').matchAll(/^\| .*? \| `(\w+)`\s*\| (\d+) (\w+)/gm);
    expect(
      [...classes].map(([, name, count, unit]) => [name, count, unit?.toUpperCase()]).toSorted(),
    ).toEqual(
      settings
        .map(({ name, default: fallback }) => [name, fallback, name.replace(/.*_RETENTION_/, '')])
        .toSorted(),
    );
  });

  it('has every column of every table in one of its two lists, and no other', () => {
    expect(columns.length).toBeGreaterThan(200);
    expect([...personal, ...others].toSorted()).toEqual(columns.toSorted());
  });

  it('has the purpose and the retention of every personal column', () => {
    const rows = section('Columns with personal data')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows.length).toBeGreaterThan(15);
    for (const row of rows) {
      const cells = row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      expect({ row, cells: cells.filter((cell) => cell !== '').length }).toEqual({ row, cells: 4 });
    }
  });
});
