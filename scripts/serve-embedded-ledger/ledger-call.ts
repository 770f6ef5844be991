import { hasDuplicateKey } from '../../src/platform/http/json-outline.js';
import { assertDebit, assertLedgerKey, assertRefund } from '../../src/wallet-ledger/ledger-call-rules.js';
import type { DebitWindow, LedgerDebit, LedgerRefund } from '../../src/wallet-ledger/wallet-ledger.js';

export type LedgerCall =
  | { readonly call: 'debit'; readonly debit: LedgerDebit }
  | { readonly call: 'refund'; readonly refund: LedgerRefund }
  | { readonly call: 'lookup'; readonly key: string }
  | { readonly call: 'list'; readonly window: DebitWindow }
  | { readonly call: 'reverse'; readonly key: string; readonly reason: string };

/** A request that breaks the contract; the text is for its sender. */
export class NotByContract extends Error {
  constructor(
    readonly status: 400 | 404,
    message: string,
  ) {
    super(message);
  }
}

type Fields = Readonly<Record<string, unknown>>;

const VALUE = /^[1-9]\d*$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;

/** @param path as on the request line */
export function readLedgerCall(method: string, path: string, header: unknown, body: Buffer): LedgerCall {
  if (method === 'POST' && path === '/debits') {
    const debit = readDebit(fieldsOf(body));
    assertSameKey(debit.key, header);
    return { call: 'debit', debit };
  }
  const [, query] = /^\/debits\?(.*)$/.exec(path) ?? [];
  if (method === 'GET' && query !== undefined)
    return { call: 'list', window: windowIn(new URLSearchParams(query)) };
  const [, segment, action] = /^\/debits\/([^/?]+)(\/reversal|\/refunds)?$/.exec(path) ?? [];
  if (segment === undefined || method !== (action === undefined ? 'GET' : 'POST'))
    throw new NotByContract(404, 'there is no such call');
  const key = keyOf(segment);
  if (action === undefined) return { call: 'lookup', key };
  const fields = fieldsOf(body);
  if (action === '/refunds') {
    const refund = readRefund(key, fields);
    assertSameKey(refund.key, header);
    return { call: 'refund', refund };
  }
  assertSameKey(key, header);
  assertSameKey(key, fields['key']);
  return { call: 'reverse', key, reason: textOf(fields, 'reason') };
}

function readDebit(fields: Fields): LedgerDebit {
  const notAfter = textOf(fields, 'notAfter');
  if (!TIME.test(notAfter))
    throw new NotByContract(400, 'notAfter is a time in UTC, such as 2026-03-02T08:20:00.000Z');
  const debit = {
    key: textOf(fields, 'key'),
    paymentRequestId: textOf(fields, 'paymentRequestId'),
    customerId: textOf(fields, 'customerId'),
    amount: amountOf(fields),
    notAfter: new Date(notAfter),
    description: textOf(fields, 'description'),
  };
  byTheRules(() => assertDebit(debit));
  return debit;
}

function readRefund(debitKey: string, fields: Fields): LedgerRefund {
  const refund = {
    key: textOf(fields, 'key'),
    debitKey,
    amount: amountOf(fields),
    reason: textOf(fields, 'reason'),
  };
  byTheRules(() => assertRefund(refund));
  return refund;
}

function windowIn(query: URLSearchParams): DebitWindow {
  const from = query.get('from') ?? '';
  const to = query.get('to') ?? '';
  const after = query.get('after');
  if (!TIME.test(from) || !TIME.test(to)) throw new NotByContract(400, 'from and to are times in UTC');
  return { from: new Date(from), to: new Date(to), ...(after === null ? {} : { after }) };
}

function amountOf(fields: Fields): LedgerRefund['amount'] {
  const amount: unknown = fields['amount'];
  const { currency, value } = isObject(amount) ? { ...amount } : ({} satisfies Fields);
  if (typeof currency !== 'string' || typeof value !== 'string' || !VALUE.test(value))
    throw new NotByContract(400, 'amount is a currency and whole minor units, both as text');
  return { currency, value: BigInt(value) };
}

function keyOf(segment: string): string {
  return byTheRules(() => {
    const key = decodeURIComponent(segment);
    assertLedgerKey(key);
    return key;
  });
}

/** The rules of the port throw a RangeError, and a broken percent sign a URIError. */
function byTheRules<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError || error instanceof URIError) throw new NotByContract(400, error.message);
    throw error;
  }
}

function fieldsOf(body: Buffer): Fields {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const value: unknown = JSON.parse(text);
    if (isObject(value) && !hasDuplicateKey(body, value)) return { ...value };
  } catch {
    // Not JSON; the answer below is the same as for JSON that is not an object.
  }
  throw new NotByContract(400, 'the body is one JSON object in UTF-8, each field told once');
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new NotByContract(400, `${name} is missing, or no text`);
  return value;
}

function assertSameKey(key: string, other: unknown): void {
  if (key !== other) throw new NotByContract(400, 'the key differs between path, header and body');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
