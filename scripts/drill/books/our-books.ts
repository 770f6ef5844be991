import type { ReadRows } from './read-rows.js';

/** Minor units as digits, because amounts of any size must be compared exactly. */
export interface BookAmount {
  readonly currency: string;
  readonly value: string;
}

export interface OurScan {
  readonly scanId: string;
  /** SHA-256 of the code value in hex; the code itself is kept nowhere. */
  readonly codeSha256: string;
  readonly status: string;
}

export interface OurDebit {
  /** The key under which the ledger knows the debit. */
  readonly debitId: string;
  readonly status: string;
  readonly customerId: string;
  readonly amount: BookAmount;
}

export interface OurRefund {
  /** The key under which the ledger knows the refund. */
  readonly refundId: string;
  readonly refundRequestId: string;
  readonly status: string;
  /** The amount that goes back to the payer; null for a refused refund. */
  readonly backAmount: BookAmount | null;
}

export interface OurNotification {
  readonly status: string;
  readonly bodySha256: string;
  /** The result in the frozen body: S or F. */
  readonly resultStatus: string;
}

export interface OurOrder {
  readonly paymentId: string;
  readonly paymentRequestId: string;
  readonly status: string;
  readonly customerId: string;
  readonly isCancelRequested: boolean;
  readonly paymentAmount: BookAmount | null;
  readonly payToAmount: BookAmount | null;
  /** The amount that the payer pays. */
  readonly payAmount: BookAmount | null;
  readonly debits: readonly OurDebit[];
  readonly refunds: readonly OurRefund[];
  readonly notification: OurNotification | null;
}

/** Our books: the rows of PostgreSQL. */
export interface OurBooks {
  readonly scans: readonly OurScan[];
  readonly orders: readonly OurOrder[];
}

const SCANS = `select scan_id as "scanId", encode(code_hash, 'hex') as "codeSha256", status from scan`;

/**
 * Sealed bytes begin with a zero; their content is then taken from the order, and the twin's digest is compared with
 * theirs.
 */
const ORDERS = `
  select o.payment_id as "paymentId", o.payment_request_id as "paymentRequestId", o.status,
    o.customer_id as "customerId", o.cancel_requested_at is not null as "isCancelRequested",
    o.payment_currency, o.payment_value::text, o.pay_to_currency, o.pay_to_value::text,
    o.pay_currency, o.pay_value::text,
    n.status as notification_status, encode(n.body_sha256, 'hex') as body_sha256,
    case when get_byte(n.body, 0) = 0 then o.result_status
      else convert_from(n.body, 'UTF8')::json #>> '{paymentResult,resultStatus}' end as told
  from payment_order o left join notification n using (payment_id) order by o.created_at`;

const DEBITS = `
  select payment_id as "paymentId", debit_id as "debitId", status, customer_id as "customerId",
    json_build_object('currency', currency, 'value', value::text) as amount
  from debit order by payment_id, sequence`;

const REFUNDS = `
  select payment_id as "paymentId", refund_id as "refundId", refund_request_id as "refundRequestId", status,
    case when back_value is not null
      then json_build_object('currency', back_currency, 'value', back_value::text) end as "backAmount"
  from refund where payment_id is not null order by created_at`;

type Lists = Pick<OurOrder, 'debits' | 'refunds'>;

interface OrderRow extends Omit<OurOrder, 'paymentAmount' | 'payToAmount' | 'payAmount' | keyof Lists> {
  readonly payment_currency: string | null;
  readonly payment_value: string | null;
  readonly pay_to_currency: string | null;
  readonly pay_to_value: string | null;
  readonly pay_currency: string | null;
  readonly pay_value: string | null;
  readonly notification_status: string | null;
  readonly body_sha256: string | null;
  readonly told: string | null;
}

export async function readOurBooks(read: ReadRows): Promise<OurBooks> {
  const debits = byPayment(await read<OurDebit & OfPayment>(DEBITS));
  const refunds = byPayment(await read<OurRefund & OfPayment>(REFUNDS));
  const orders = (await read<OrderRow>(ORDERS)).map((row) =>
    orderOf(row, { debits: debits.get(row.paymentId) ?? [], refunds: refunds.get(row.paymentId) ?? [] }),
  );
  return { scans: await read<OurScan>(SCANS), orders };
}

interface OfPayment {
  readonly paymentId: string;
}

function byPayment<Row extends OfPayment>(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const lists = new Map<string, Row[]>();
  for (const row of rows) lists.set(row.paymentId, [...(lists.get(row.paymentId) ?? []), row]);
  return lists;
}

function orderOf(row: OrderRow, lists: Lists): OurOrder {
  const { paymentId, paymentRequestId, status, customerId, isCancelRequested } = row;
  return {
    paymentId,
    paymentRequestId,
    status,
    customerId,
    isCancelRequested,
    paymentAmount: amountOf(row.payment_currency, row.payment_value),
    payToAmount: amountOf(row.pay_to_currency, row.pay_to_value),
    payAmount: amountOf(row.pay_currency, row.pay_value),
    ...lists,
    notification:
      row.notification_status === null
        ? null
        : {
            status: row.notification_status,
            bodySha256: row.body_sha256 ?? '',
            resultStatus: row.told ?? '',
          },
  };
}

function amountOf(currency: string | null, value: string | null): BookAmount | null {
  return currency === null || value === null ? null : { currency, value };
}
