import { readFile } from 'node:fs/promises';
import { UsageError } from './run-command.js';

/** Follows the name of what holds such a text. */
export const NOT_PLAIN_TEXT = 'holds a NUL, or is not UTF-8';

/** Both belong to a file of another kind, and no database takes a NUL. */
const NOT_TEXT = /[\0\ufffd]/;

export function isPlainText(text: string): boolean {
  return !NOT_TEXT.test(text);
}

/**
 * The lines of a file that an operator names, without the blank ones.
 *
 * @throws UsageError that names the file, and the line that is no text
 */
export async function linesOfFile(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const why = error instanceof Error ? error.message : 'unreadable';
    throw new UsageError(`${file} cannot be read: ${why}`, { cause: error });
  });
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const broken = lines.findIndex((line) => !isPlainText(line));
  if (broken !== -1) throw new UsageError(`${file}:${broken + 1}: ${NOT_PLAIN_TEXT}`);
  return lines.filter((line) => line.trim() !== '');
}
