import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { SETTINGS } from '../src/settings.js';
import { envExample, settingsTable, tableIn, withoutPadding, withTable } from './settings-documents.js';

/** Writes `.env.example` and the settings table of the README, or with `--check` says which of them is out of date. */
async function main(args: readonly string[]): Promise<number> {
  const wanted = envExample(SETTINGS);
  const table = settingsTable(SETTINGS);
  const readme = await readFile('README.md', 'utf8').catch(() => '');
  const isTableCurrent = withoutPadding(tableIn(readme) ?? '') === withoutPadding(table);
  if (!args.includes('--check')) {
    await writeFile('.env.example', wanted);
    if (!isTableCurrent && tableIn(readme) !== undefined)
      await writeFile('README.md', await formatted(withTable(readme, table)));
    return 0;
  }
  const kept = await readFile('.env.example', 'utf8').catch(() => '');
  const stale = [
    ...(kept === wanted ? [] : ['.env.example']),
    ...(isTableCurrent ? [] : ['the settings table of README.md']),
  ];
  if (stale.length === 0) return 0;
  console.error(`Out of date: ${stale.join(' and ')}. Run "npm run env-example".`);
  return 1;
}

/** Prettier is a development dependency, so it is loaded only where a README is written. */
async function formatted(markdown: string): Promise<string> {
  const prettier = await import('prettier');
  const options = (await prettier.resolveConfig('README.md')) ?? {};
  return prettier.format(markdown, { ...options, parser: 'markdown' });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await main(process.argv.slice(2));
}
