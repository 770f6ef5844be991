import { cpus, release, totalmem, type as system } from 'node:os';

/** A figure without its machine says nothing. */
export function machineName(databaseVersion: string): string {
  const cores = cpus();
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  const processor = cores[0]?.model.trim() ?? 'unknown processor';
  return `${cores.length} x ${processor}, ${memoryGb} GB, ${system()} ${release()}, Node ${process.version}, PostgreSQL ${databaseVersion}`;
}
