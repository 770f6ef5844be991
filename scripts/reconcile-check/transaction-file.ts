import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createInterface } from 'node:readline';
import { parse } from 'csv-parse';
import { isPlainText, NOT_PLAIN_TEXT } from '../../command-line/plain-text.js';
import { UsageError } from '../../command-line/run-command.js';
import { PARTNER_STATUSES, type PartnerLine } from '../../src/debit/reconcile/reconcile-rules.js';
import { isCurrency } from '../../src/payment-order/order/money.js';

const REQUIRED = ['paymentRequestId', 'amount', 'currency'] as const;
const READ = [...REQUIRED, 'paymentId', 'refundRequestId', 'status'] as const;

/**
 * The transactions of a file, one by one: CSV with a line of names, or one JSON object a line. Other columns are
 * ignored.
 *
 * ```
 * paymentRequestId,paymentId,refundRequestId,amount,currency,status
 * 2026030119074101000700000028901,,,8518,HKD,PAID
 * ```
 *
 * @throws UsageError naming the line that cannot be read: with half a file, the other half would look like differences
 */
export async function* readTransactions(file: string): AsyncGenerator<PartnerLine> {
  try {
    for await (const [line, row] of file.endsWith('.csv') ? csvRows(file) : jsonRows(file))
      yield transactionIn(row, line, `${file}:${line}`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : 'unreadable'}`, {
      cause: error,
    });
  }
}

type Row = Readonly<Record<string, unknown>>;

/** Numbered from the first line below the names. */
async function* csvRows(file: string): AsyncGenerator<readonly [number, Row]> {
  let isNamed = false;
  const columns = (names: string[]): string[] => {
    isNamed = true;
    refuseNames(file, names);
    return names;
  };
  const parser = parse({ bom: true, columns, trim: true, skip_empty_lines: true });
  // What the file cannot be read for ends the parser too.
  pipeline(createReadStream(file), parser, () => undefined);
  let line = 0;
  for await (const row of parser as AsyncIterable<Row>) yield [(line += 1), row];
  // A download that broke off would make a difference of every payment.
  if (!isNamed) throw new UsageError(`${file} is empty: it has no line of names`);
}

async function* jsonRows(file: string): AsyncGenerator<readonly [number, Row]> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    line += 1;
    if (text.trim() === '') continue;
    const row: unknown = JSON.parse(text);
    if (typeof row !== 'object' || row === null) throw new UsageError(`${file}:${line} is no JSON object`);
    yield [line, Object.fromEntries(Object.entries(row))];
  }
}

function refuseNames(file: string, names: readonly string[]): void {
  const missing = REQUIRED.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new UsageError(`${file} has no ${missing.join(', ')}`);
  const twice = READ.filter((name) => names.filter((one) => one === name).length > 1);
  if (twice.length > 0) throw new UsageError(`${file} has ${twice.join(', ')} twice`);
}

function transactionIn(row: Row, line: number, where: string): PartnerLine {
  const text = (name: string): string | undefined => {
    const value = row[name];
    if (value === undefined || value === null || value === '') return undefined;
    // A JSON number may have lost digits before we saw it.
    if (typeof value !== 'string') throw new UsageError(`${where}: ${name} must be text`);
    if (!isPlainText(value)) throw new UsageError(`${where}: ${name} ${NOT_PLAIN_TEXT}`);
    return value;
  };
  const paymentRequestId = text('paymentRequestId');
  const [paymentId, refundRequestId] = [text('paymentId')?.toLowerCase(), text('refundRequestId')];
  const [value, currency] = [text('amount'), text('currency')];
  const status = text('status') ?? (refundRequestId === undefined ? 'PAID' : 'REFUNDED');
  if (paymentRequestId === undefined) throw new UsageError(`${where}: paymentRequestId is missing`);
  if (value === undefined || !/^[1-9]\d*$/.test(value))
    throw new UsageError(`${where}: amount must be a whole number of minor units, such as 8518`);
  if (currency === undefined || !isCurrency(currency))
    throw new UsageError(`${where}: currency must be a code of ISO 4217`);
  const known = PARTNER_STATUSES.find((one) => one === status);
  if (known === undefined) throw new UsageError(`${where}: status must be ${PARTNER_STATUSES.join(', ')}`);
  if (known === 'REFUNDED' && refundRequestId === undefined)
    throw new UsageError(`${where}: REFUNDED needs a refundRequestId`);
  return {
    line,
    paymentRequestId,
    ...(paymentId !== undefined && { paymentId }),
    ...(refundRequestId !== undefined && { refundRequestId }),
    value,
    currency,
    status: known,
  };
}
