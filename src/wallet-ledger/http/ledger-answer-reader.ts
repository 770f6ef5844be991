import { hasDuplicateKey } from '../../platform/http/json-outline.js';
import {
  LEDGER_REFUSAL_CODES,
  type DebitListing,
  type LedgerAmount,
  type LedgerAnswer,
  type LedgerDebit,
  type LedgerLookup,
  type LedgerRefund,
  type LedgerRefusalCode,
  type LedgerUnknown,
  type ListedDebit,
} from '../wallet-ledger.js';

type Fields = Readonly<Record<string, unknown>>;

const REFERENCE = /^[\x21-\x7e]{1,128}$/;

/**
 * Readers of what the wallet's core answers. They believe an answer only if it is about this key (and, for a debit
 * or refund, this amount) and says exactly one thing; whatever else arrives is unknown. Fields they do not know are ignored.
 */
export function readDebitAnswer(body: Buffer, debit: LedgerDebit): LedgerAnswer {
  return readMovement(body, debit);
}

export function readRefundAnswer(body: Buffer, refund: LedgerRefund): LedgerAnswer {
  return readMovement(body, refund);
}

export function readReversalAnswer(body: Buffer, key: string): LedgerAnswer {
  return readAbout(body, key, doneOrRefused);
}

export function readLookup(body: Buffer, key: string): LedgerLookup {
  return readAbout<LedgerLookup>(body, key, (fields) => {
    switch (fields['status']) {
      case 'DEBITED':
        return debited(fields);
      case 'REVERSED':
        return withReference(fields, (ledgerReference) => ({ outcome: 'reversed', ledgerReference }));
      case 'REFUSED':
        return refusal(fields);
      case 'ABSENT':
        return hasAny(fields, ['ledgerReference', 'code'])
          ? unknown('contradictory_answer')
          : { outcome: 'absent' };
      default:
        return unknownStatus(fields);
    }
  });
}

/** One unreadable entry makes the page unreadable: a skipped debit would count as missing. */
export function readListing(body: Buffer): DebitListing {
  const { debits, next }: Fields = fieldsOf(body) ?? {};
  if (!Array.isArray(debits)) return unknown('unreadable');
  const read = debits.map(listed);
  if (!read.every((one) => one !== undefined)) return unknown('unreadable');
  if (next === undefined || next === null) return { outcome: 'listed', debits: read };
  return typeof next === 'string' && REFERENCE.test(next)
    ? { outcome: 'listed', debits: read, next }
    : unknown('unreadable');
}

function listed(value: unknown): ListedDebit | undefined {
  if (!isObject(value)) return undefined;
  const { key, paymentRequestId, customerId, amount: told, status, bookedAt }: Fields = { ...value };
  const amount = amountOf(told);
  const at = typeof bookedAt === 'string' ? new Date(bookedAt) : undefined;
  if (typeof key !== 'string' || typeof paymentRequestId !== 'string' || typeof customerId !== 'string')
    return undefined;
  if (!amount || at === undefined || Number.isNaN(at.getTime())) return undefined;
  if (status !== 'DEBITED' && status !== 'REVERSED') return undefined;
  const isHeld = status === 'DEBITED';
  return { key, paymentRequestId, customerId, amount, status: isHeld ? 'debited' : 'reversed', bookedAt: at };
}

function readMovement(body: Buffer, { key, amount }: LedgerDebit | LedgerRefund): LedgerAnswer {
  return readAbout(body, key, (fields) =>
    isAmount(fields['amount'], amount) ? doneOrRefused(fields) : unknown('other_amount'),
  );
}

/** Without customer and amount it would prove that something was taken, and not that it was what we asked for. */
function debited(fields: Fields): LedgerLookup {
  const amount = amountOf(fields['amount']);
  const customerId = fields['customerId'];
  if (!amount) return unknown('other_amount');
  if (typeof customerId !== 'string' || customerId === '') return unknown('other_customer');
  return withReference(fields, (ledgerReference) => ({
    outcome: 'debited',
    ledgerReference,
    customerId,
    amount,
  }));
}

function doneOrRefused(fields: Fields): LedgerAnswer {
  if (fields['status'] === 'DONE')
    return withReference(fields, (ledgerReference) => ({ outcome: 'done', ledgerReference }));
  if (fields['status'] === 'REFUSED') return refusal(fields);
  return unknownStatus(fields);
}

function withReference<Answer>(
  fields: Fields,
  answer: (ledgerReference: string) => Answer,
): Answer | LedgerUnknown {
  const reference = fields['ledgerReference'];
  if (hasAny(fields, ['code'])) return unknown('contradictory_answer');
  if (typeof reference !== 'string' || !REFERENCE.test(reference)) return unknown('bad_ledger_reference');
  return answer(reference);
}

function refusal(fields: Fields): Extract<LedgerAnswer, { outcome: 'refused' | 'unknown' }> {
  const code = LEDGER_REFUSAL_CODES.find((known: LedgerRefusalCode) => known === fields['code']);
  if (hasAny(fields, ['ledgerReference'])) return unknown('contradictory_answer');
  return code === undefined ? unknown('bad_refusal_code') : { outcome: 'refused', code };
}

function unknownStatus(fields: Fields): LedgerUnknown {
  return unknown(fields['status'] === 'UNKNOWN' ? 'ledger_unknown' : 'bad_status');
}

function readAbout<Answer>(
  body: Buffer,
  key: string,
  read: (fields: Fields) => Answer,
): Answer | LedgerUnknown {
  const fields = fieldsOf(body);
  if (fields === undefined) return unknown('unreadable');
  return fields['key'] === key ? read(fields) : unknown('other_key');
}

function fieldsOf(body: Buffer): Fields | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const value: unknown = JSON.parse(text);
    return isObject(value) && !hasDuplicateKey(body, value) ? { ...value } : undefined;
  } catch {
    return undefined; // Not JSON at all, which is the answer to the question this function asks.
  }
}

function isAmount(value: unknown, expected: LedgerAmount): boolean {
  const amount = amountOf(value);
  return amount?.currency === expected.currency && amount.value === expected.value;
}

function amountOf(amount: unknown): LedgerAmount | undefined {
  if (!isObject(amount)) return undefined;
  const { currency, value }: Fields = { ...amount };
  if (typeof currency !== 'string' || typeof value !== 'string' || !/^[1-9]\d{0,131071}$/.test(value))
    return undefined;
  return { currency, value: BigInt(value) };
}

/** JSON null counts as absent: many serializers write it for a field without value. */
function hasAny(fields: Fields, names: readonly string[]): boolean {
  return names.some((name) => fields[name] !== undefined && fields[name] !== null);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknown(reason: string): LedgerUnknown {
  return { outcome: 'unknown', reason };
}
