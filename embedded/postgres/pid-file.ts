import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The lines that a PostgreSQL server writes into its data directory while it runs. */
export interface PidFile {
  readonly text: string;
  readonly pid: number | undefined;
  readonly port: number | undefined;
  /** The process has the port and accepts connections. */
  readonly isReady: boolean;
}

export const pidFilePath = (dataDirectory: string): string => join(dataDirectory, 'postmaster.pid');

export function parsePidFile(text: string): PidFile {
  const lines = text.split('\n');
  return { text, pid: positive(lines[0]), port: positive(lines[3]), isReady: lines[7]?.trim() === 'ready' };
}

export async function readPidFile(dataDirectory: string): Promise<PidFile | undefined> {
  const text = await readFile(pidFilePath(dataDirectory), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parsePidFile(text);
}

/**
 * Removes a pid file whose process turned out to be another program. A young file is left alone: a server that has just
 * written it may not listen yet. PostgreSQL's second lock, the shared memory keyed by the directory's inode, still
 * keeps two servers apart if this judgement were ever wrong.
 */
export async function discardPidFile(
  dataDirectory: string,
  judged: PidFile,
  minimumAgeMs: number,
): Promise<boolean> {
  const path = pidFilePath(dataDirectory);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || Date.now() - found.mtimeMs < minimumAgeMs) return false;
  const aside = `${path}.${randomUUID()}`;
  const isMoved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!isMoved) return false;
  // Another start may have replaced the file between the judgement and the rename.
  const isTheJudged = (await readFile(aside, 'utf8')) === judged.text;
  await (isTheJudged ? rm(aside, { force: true }) : rename(aside, path));
  return isTheJudged;
}

function positive(line: string | undefined): number | undefined {
  const number = Number(line);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
