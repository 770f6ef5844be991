import { readFile, writeFile } from 'node:fs/promises';
import { Exit, newCommand, runProgram } from '../command-line/run-command.js';
import { SETTINGS } from '../src/settings.js';
import {
  envExample,
  SETTINGS_FILE,
  settingsTable,
  tableIn,
  withoutPadding,
  withTable,
} from './settings-documents.js';

export const command = newCommand(
  'npm run env-example --',
  'Writes .env.example and the table of docs/settings.md from the declarations in the code.',
)
  .option('--check', 'write nothing; exit code 1 when one of them is out of date')
  .action(async ({ check = false }) => writeOrCheck(check));

async function writeOrCheck(check: boolean): Promise<void> {
  const wanted = envExample(SETTINGS);
  const table = settingsTable(SETTINGS);
  const document = await readFile(SETTINGS_FILE, 'utf8').catch(() => '');
  const isTableCurrent = withoutPadding(tableIn(document) ?? '') === withoutPadding(table);
  if (!check) {
    await writeFile('.env.example', wanted);
    if (!isTableCurrent && tableIn(document) !== undefined)
      await writeFile(SETTINGS_FILE, await formatted(withTable(document, table)));
    return;
  }
  const kept = await readFile('.env.example', 'utf8').catch(() => '');
  const stale = [
    ...(kept === wanted ? [] : ['.env.example']),
    ...(isTableCurrent ? [] : [`the table of ${SETTINGS_FILE}`]),
  ];
  if (stale.length === 0) return;
  console.error(`Out of date: ${stale.join(' and ')}. Run "npm run env-example".`);
  throw new Exit(1);
}

/** Prettier is a development dependency, so it is loaded only where the table is written. */
async function formatted(markdown: string): Promise<string> {
  const prettier = await import('prettier');
  const options = (await prettier.resolveConfig(SETTINGS_FILE)) ?? {};
  return prettier.format(markdown, { ...options, parser: 'markdown' });
}

await runProgram(import.meta.url, command);
