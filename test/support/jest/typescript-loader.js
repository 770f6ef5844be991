import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';
import { swcOptions } from './swc-options.js';

/** Loader hooks of Node: sources are imported by the name of their compiled file. */
export async function resolve(specifier, context, next) {
  const isOwn = /^\.{1,2}\//.test(specifier) && !context.parentURL?.includes('/node_modules/');
  if (isOwn && specifier.endsWith('.js')) {
    const compiled = new URL(specifier, context.parentURL).href;
    for (const ending of ['.ts', '.tsx']) {
      const source = compiled.replace(/\.js$/, ending);
      if (existsSync(fileURLToPath(source))) return { url: source, format: 'module', shortCircuit: true };
    }
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!/\.tsx?($|\?)/.test(url)) return next(url, context);
  const filename = fileURLToPath(url);
  const { code } = await transform(await readFile(filename, 'utf8'), {
    ...swcOptions({ tsx: filename.endsWith('x') }),
    filename,
    sourceMaps: 'inline',
    configFile: false,
    swcrc: false,
  });
  return { format: 'module', source: code, shortCircuit: true };
}
