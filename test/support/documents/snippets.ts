import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Block {
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a document, from top to bottom. */
function blocksOf(document: string): Block[] {
  const found = readFileSync(document, 'utf8').matchAll(/^```(\w+)\n(.*?)^```$/gms);
  return [...found].map(([, language = '', text = '']) => ({ language, text }));
}

/** The blocks of one language: together they are a program. */
export function programOf(document: string, language: string): string {
  const blocks = blocksOf(document).filter((block) => block.language === language);
  return blocks.map(({ text }) => text).join('\n');
}

/** The output that a document promises: each text block below one of the program's blocks. */
export function promisedOf(document: string, language: string): string {
  const blocks = blocksOf(document);
  const said = blocks.filter(
    (block, at) => block.language === 'text' && blocks[at - 1]?.language === language,
  );
  return said.map(({ text }) => text).join('');
}

const FOLDER = resolve('out/snippets');
const SETTINGS = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2022', 'DOM', 'DOM.AsyncIterable'],
    module: 'nodenext',
    types: ['node'],
    typeRoots: [resolve('node_modules/@types')],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noUnusedLocals: true,
    skipLibCheck: true,
    outDir: 'js',
  },
  include: ['*.ts'],
};

/**
 * Compiles the TypeScript of documents strictly, as a project with the client installed; returns the programs by
 * document.
 */
export async function compiledPrograms(documents: readonly string[]): Promise<(document: string) => string> {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(`${FOLDER}/node_modules/@mpp-payments`, { recursive: true });
  symlinkSync(resolve('clients/typescript'), `${FOLDER}/node_modules/@mpp-payments/client`);
  writeFileSync(`${FOLDER}/package.json`, JSON.stringify({ type: 'module' }));
  writeFileSync(`${FOLDER}/tsconfig.json`, JSON.stringify(SETTINGS));
  for (const document of documents) {
    writeFileSync(`${FOLDER}/${nameOf(document)}.ts`, programOf(document, 'ts'));
  }
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  await run(process.execPath, [tsc, '-p', FOLDER]).catch((error: { stdout: string }) => {
    throw new Error(error.stdout);
  });
  return (document) => `${FOLDER}/js/${nameOf(document)}.js`;
}

function nameOf(document: string): string {
  return document.replaceAll(/\W+/g, '-');
}

/** The output of a program. */
export async function printed(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const { stdout } = await run(command, args, { env: { PATH: process.env['PATH'], ...environment } });
  return stdout;
}
