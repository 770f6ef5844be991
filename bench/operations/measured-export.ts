import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type pg from 'pg';

export interface MeasuredExport {
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly firstByteMs: number;
  /** The most memory the process held in each tenth of the file, in MB. */
  readonly rssMb: readonly number[];
}

const PROGRAM = fileURLToPath(new URL('export-rows.js', import.meta.url));
/** The default limit of one export. */
const ROWS = 1_000_000;

/** Exports the newest million payments, or all where there are fewer, in a process that does nothing else. */
export async function measuredExport(url: string, pool: pg.Pool): Promise<MeasuredExport> {
  const { rows } = await pool.query<{ at: Date }>(
    `select min(created_at) as at from (select created_at from payment_order order by created_at desc limit $1) newest`,
    [ROWS - 1],
  );
  const from = rows[0]?.at.toISOString() ?? '';
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, url, String(ROWS), from]);
  return JSON.parse(stdout) as MeasuredExport; // our own program wrote it
}
