// Builds what has changed and runs a compiled program in this process: `node scripts/run.js dist/scripts/openapi.js`.
// For help or completion it does not wait for a compiler if there is a compiled version.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.js';

const [program = '', ...args] = process.argv.slice(2);
const file = resolve(program);
const isQuick = ['--help', '-h'].some((flag) => args.includes(flag)) || args[0] === 'completion';
const isBench = program.startsWith('out/bench/') || args[0] === 'bench';
const isCompiled = existsSync(file) && (!isBench || existsSync('out/bench/.tsbuildinfo'));
if (!(isQuick && isCompiled)) {
  const code = build({ bench: isBench });
  if (code !== 0) process.exit(code);
}
process.argv = [process.execPath, file, ...args];
await import(pathToFileURL(file).href);
