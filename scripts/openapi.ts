import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Exit, newCommand, runProgram } from '../command-line/run-command.js';

export const OPENAPI_FILE = 'docs/openapi.json';

export const command = newCommand(
  'npm run openapi --',
  'Writes docs/openapi.json, the description of the REST API, from the code.',
)
  .option('--check', 'write nothing; exit code 1 when the file differs from the code')
  .action(async ({ check = false }) => writeOrCheck(check));

async function writeOrCheck(check: boolean): Promise<void> {
  const { openApiText } = await import('./openapi/open-api-text.js');
  const wanted = await openApiText();
  if (!check) {
    await mkdir(dirname(OPENAPI_FILE), { recursive: true });
    await writeFile(OPENAPI_FILE, wanted);
    console.log(`${OPENAPI_FILE} describes the REST API of the code now.`);
    return;
  }
  const kept = await readFile(OPENAPI_FILE, 'utf8').catch(() => '');
  if (kept === wanted) return;
  console.error(
    `${OPENAPI_FILE} differs from the code, first in line ${firstDifference(kept, wanted)}.\n` +
      'Run "npm run openapi", look at what changed for the callers, and commit the file with the code.',
  );
  throw new Exit(1);
}

function firstDifference(kept: string, wanted: string): number {
  const lines = kept.split('\n');
  const at = wanted.split('\n').findIndex((line, index) => line !== lines[index]);
  return (at === -1 ? wanted.split('\n').length : at) + 1;
}

await runProgram(import.meta.url, command);
