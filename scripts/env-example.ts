import { readFile, writeFile } from 'node:fs/promises';
import { Exit, newCommand, runProgram } from '../command-line/run-command.js';
import { SETTINGS } from '../src/settings.js';
import { envExample, settingsTable, tableIn, withoutPadding, withTable } from './settings-documents.js';

export const command = newCommand(
  'npm run env-example --',
  'Writes .env.example and the settings table of README.md from the declarations in the code.',
)
  .option('--check', 'write nothing; exit code 1 when one of them is out of date')
  .action(async ({ check = false }) => writeOrCheck(check));

async function writeOrCheck(check: boolean): Promise<void> {
  const wanted = envExample(SETTINGS);
  const table = settingsTable(SETTINGS);
  const readme = await readFile('README.md', 'utf8').catch(() => '');
  const isTableCurrent = withoutPadding(tableIn(readme) ?? '') === withoutPadding(table);
  if (!check) {
    await writeFile('.env.example', wanted);
    if (!isTableCurrent && tableIn(readme) !== undefined)
      await writeFile('README.md', await formatted(withTable(readme, table)));
    return;
  }
  const kept = await readFile('.env.example', 'utf8').catch(() => '');
  const stale = [
    ...(kept === wanted ? [] : ['.env.example']),
    ...(isTableCurrent ? [] : ['the settings table of README.md']),
  ];
  if (stale.length === 0) return;
  console.error(`Out of date: ${stale.join(' and ')}. Run "npm run env-example".`);
  throw new Exit(1);
}

/** Prettier is a development dependency, so it is loaded only where a README is written. */
async function formatted(markdown: string): Promise<string> {
  const prettier = await import('prettier');
  const options = (await prettier.resolveConfig('README.md')) ?? {};
  return prettier.format(markdown, { ...options, parser: 'markdown' });
}

await runProgram(import.meta.url, command);
