import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Exit, newCommand, runProgram } from '../command-line/run-command.js';

export const OPENAPI_FILE = 'docs/openapi.json';
export const CLIENT_TYPES_FILE = 'clients/typescript/src/api-types.ts';

export const command = newCommand(
  'npm run openapi --',
  'Writes docs/openapi.json, the description of the REST API, from the code, and from it the types of clients/typescript.',
)
  .option('--check', 'write nothing; exit code 1 when a file differs from the code')
  .action(async ({ check = false }) => {
    for (const [file, wanted] of await generated()) await writeOrCheck(file, wanted, check);
  });

async function generated(): Promise<[file: string, text: string][]> {
  const { openApiText } = await import('./openapi/open-api-text.js');
  const { clientTypesText } = await import('./openapi/client-types.js');
  const description = await openApiText();
  return [
    [OPENAPI_FILE, description],
    [CLIENT_TYPES_FILE, await clientTypesText(description, CLIENT_TYPES_FILE)],
  ];
}

async function writeOrCheck(file: string, wanted: string, check: boolean): Promise<void> {
  if (!check) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, wanted);
    console.log(`${file} describes the REST API of the code now.`);
    return;
  }
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept === wanted) return;
  console.error(
    `${file} differs from the code, first in line ${firstDifference(kept, wanted)}.\n` +
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
