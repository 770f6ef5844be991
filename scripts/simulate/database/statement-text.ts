import type { Statement } from '../../../src/platform/database/database.js';

/** An error as the driver of the database raises it: a SQLSTATE, or a connection that broke. */
export class DatabaseFault extends Error {
  override readonly name = 'DatabaseFault';

  constructor(readonly code: string) {
    super(code);
  }
}

/** The name of the statement and the texts among its values: enough to follow a history. */
export function describeStatement({ name }: Statement, values: readonly unknown[]): string {
  const texts = values.flat().filter((value) => typeof value === 'string' && value.length <= 48);
  return `${name}(${texts.slice(0, 8).join(', ')})`;
}

const SHOWN = ['scan_id', 'payment_request_id', 'payment_id', 'debit_id', 'id', 'status', 'debit_status'];

export function describeRows(rows: readonly unknown[]): string {
  if (rows.length === 0) return 'found nothing';
  return rows.map(describeRow).join('; ');
}

function describeRow(row: unknown): string {
  if (typeof row !== 'object' || row === null) return String(row);
  const shown = Object.entries(row).filter(([name]) => SHOWN.includes(name));
  return shown.length === 0 ? 'a row' : shown.map(([name, value]) => `${name}=${String(value)}`).join(' ');
}
