// Builds what has changed and runs a compiled program in this process: `node scripts/run.js dist/scripts/demo.js --json`.
// Who only asks for help does not wait for a compiler, if there is something compiled.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.js';

const [program = '', ...args] = process.argv.slice(2);
const file = resolve(program);
const isHelp = args.includes('--help') || args.includes('-h');
if (!(isHelp && existsSync(file))) {
  const code = build({ bench: program.startsWith('out/bench/') });
  if (code !== 0) process.exit(code);
}
process.argv = [process.execPath, file, ...args];
await import(pathToFileURL(file).href);
