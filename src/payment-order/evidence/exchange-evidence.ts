import { jsonBytes, type ColumnTypes } from '../../platform/database/columns.js';
import { isRefusedValue } from '../../platform/database/conflict-retry.js';
import { placeOf, type SealedColumn } from '../../platform/sealing/sealed-column.js';
import type { Sealing } from '../../platform/sealing/sealing.js';

/** Evidence of one call, kept beside the scan. */
export interface ExchangeEvidence {
  readonly outcome: 'accepted' | 'rejected' | 'unknown';
  readonly reason?: string;
  readonly resultCode?: string;
  readonly httpStatus?: number;
  readonly durationMs: number;
  readonly requestTime: string;
  readonly keyVersion: string;
  readonly answer?: Buffer;
}

/**
 * The answer is sealed. The database gives the row its id only later, so the seal is bound to the subject of the call
 * and its time.
 */
export const DECODE_ANSWER = {
  table: 'decode_exchange',
  column: 'answer',
  id: 'exchange_id',
  idType: 'bigint',
  key: ['scan_id', 'request_time'],
} as const satisfies SealedColumn;

export const NOTIFY_ANSWER = {
  table: 'notification_attempt',
  column: 'answer',
  id: 'attempt_id',
  idType: 'bigint',
  key: ['payment_id', 'request_time'],
} as const satisfies SealedColumn;

/** The evidence as it may be kept. */
export function sealedEvidence(
  sealing: Sealing,
  column: typeof DECODE_ANSWER | typeof NOTIFY_ANSWER,
  about: string,
  evidence: ExchangeEvidence,
): ExchangeEvidence {
  if (evidence.answer === undefined) return evidence;
  const answer = sealing.seal(placeOf(column, [about, evidence.requestTime]), evidence.answer);
  return { ...evidence, answer };
}

/**
 * Writes a change with its evidence. Characters of the answer that the database cannot hold are left out: the received
 * bytes are always kept, and no answer may stop the change that it is evidence of.
 */
export async function withEvidence<Result>(
  evidence: ExchangeEvidence,
  write: (evidence: ExchangeEvidence) => Promise<Result>,
): Promise<Result> {
  try {
    return await write(evidence);
  } catch (error) {
    const { resultCode: _theirs, ...ours } = evidence;
    if (!isRefusedValue(error)) throw error;
    return write(ours);
  }
}

/** The columns of evidence, alike in every table that keeps what was sent and received. */
export const EXCHANGE_COLUMNS = {
  duration_ms: 'int',
  outcome: 'text',
  reason: 'text',
  result_code: 'text',
  http_status: 'int',
  request_time: 'text',
  key_version: 'text',
  answer: 'bytea',
} as const satisfies ColumnTypes;

type ExchangeValues = Readonly<Record<keyof typeof EXCHANGE_COLUMNS, unknown>>;

/** The evidence in the order of its columns. */
export function evidenceValues(evidence: ExchangeEvidence): unknown[] {
  const values: ExchangeValues = { ...withoutAnswer(evidence), answer: evidence.answer };
  const columns = Object.keys(EXCHANGE_COLUMNS) as (keyof ExchangeValues)[]; // the keys of the constant above
  return columns.map((column) => values[column] ?? null);
}

/** The evidence for a list in JSON. */
export function evidenceJson(evidence: ExchangeEvidence) {
  return {
    ...withoutAnswer(evidence),
    answer: evidence.answer && jsonBytes(evidence.answer),
  } satisfies ExchangeValues;
}

function withoutAnswer(evidence: ExchangeEvidence) {
  return {
    duration_ms: Math.round(evidence.durationMs),
    outcome: evidence.outcome,
    reason: evidence.reason,
    result_code: evidence.resultCode,
    http_status: evidence.httpStatus,
    request_time: evidence.requestTime,
    key_version: evidence.keyVersion,
  };
}
