import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Seen from `dist/scripts/mpp`, and in a test from `scripts/mpp`. */
const ROOT =
  ['../../', '../../../']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(join(path, 'package.json'))) ?? '.';

/** A file of the project, whatever folder the program was called in. */
export function ofProject(path = ''): string {
  return resolve(ROOT, path);
}
