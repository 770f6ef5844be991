#!/usr/bin/env node
// The one command line. In a source tree what has changed is compiled first; an image holds what is compiled and no compiler.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const program = at('dist/scripts/mpp.js');
const builder = at('scripts/run.js');
const args = process.argv.slice(2);
const isTree = existsSync(builder);
process.argv = [process.execPath, ...(isTree ? [builder, program] : [program]), ...args];
await import(isTree ? builder : program);
