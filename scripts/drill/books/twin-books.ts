import { isRecord, listOf, textAt } from '../../demo/json-reading.js';
import type { BookAmount } from './our-books.js';

interface TwinRefund {
  readonly refundRequestId: string;
  /** S or F, its first result; null before. */
  readonly result: string | null;
  /** As it was requested. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface TwinOrder {
  readonly paymentRequestId: string;
  readonly codeValues: readonly string[];
  /** NOT_ISSUED while the twin only inquired about it or cancelled it and never sent it to us. */
  readonly status: string;
  readonly paymentAmount: BookAmount | null;
  readonly payToAmount: BookAmount | null;
  readonly surchargeAmount: BookAmount | null;
  /** The result it acknowledged: S, F, or none yet. */
  readonly acknowledgedResult: string | null;
  /** The digests of all notifications that it accepted for this order. */
  readonly toldSha256: readonly string[];
  readonly refunds: readonly TwinRefund[];
  /** It sent a cancel, or was about to. */
  readonly isCancelWanted: boolean;
  /** Its cancel was answered S. */
  readonly isCancelled: boolean;
}

/** The books of Alipay+: the twin's own records. */
export interface TwinBooks {
  readonly orders: readonly TwinOrder[];
  /** The defects that the twin found in our messages. */
  readonly defects: readonly string[];
}

export async function readTwinBooks(url: string): Promise<TwinBooks> {
  const orders = listOf(await getJson(`${url}/_twin/orders`));
  const summary = await getJson(`${url}/_twin/summary`);
  return {
    orders: orders.filter((order) => typeof order.paymentRequestId === 'string').map(orderOf),
    defects: isRecord(summary) ? defectsOf(summary) : ['its summary cannot be read'],
  };
}

function orderOf(row: Record<string, unknown>): TwinOrder {
  const surcharge = isRecord(row.surchargeInfo) ? row.surchargeInfo.surchargeAmount : null;
  return {
    paymentRequestId: textAt(row, 'paymentRequestId'),
    codeValues: Array.isArray(row.codeValues) ? row.codeValues.map(String) : [],
    status: textAt(row, 'status'),
    paymentAmount: amountOf(row.paymentAmount),
    payToAmount: amountOf(row.payToAmount),
    surchargeAmount: amountOf(surcharge),
    acknowledgedResult: textAt(row, 'acknowledgedResult') || null,
    toldSha256: listOf(row.notifications)
      .filter(({ isAccepted }) => isAccepted === true)
      .map((told) => textAt(told, 'bodySha256')),
    refunds: listOf(row.refunds).map(({ result, ...fields }) => ({
      refundRequestId: textAt(fields, 'refundRequestId'),
      result: typeof result === 'string' ? result.slice(0, 1) : null,
      fields,
    })),
    isCancelWanted: row.cancelWanted === true,
    isCancelled: row.status === 'CANCELLED',
  };
}

function amountOf(value: unknown): BookAmount | null {
  return isRecord(value) ? { currency: textAt(value, 'currency'), value: textAt(value, 'value') } : null;
}

/** The twin counts every defect and keeps only some of them. */
function defectsOf(summary: Record<string, unknown>): string[] {
  const kept = listOf(summary.defects).map((defect) =>
    ['kind', 'paymentRequestId', 'detail'].map((name) => textAt(defect, name)).join(' '),
  );
  const count = Number(summary.defectCount);
  return count === kept.length ? kept : [...kept, `${count} defects in all`];
}

async function getJson(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}
