import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Relative to `dist/scripts/mpp`, and in a test to `scripts/mpp`. */
const ROOT =
  ['../../', '../../../']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(join(path, 'package.json'))) ?? '.';

/** A file of the project, whatever the working directory. */
export function ofProject(path = ''): string {
  return resolve(ROOT, path);
}
