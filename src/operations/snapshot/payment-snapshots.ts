import { Injectable } from '@nestjs/common';
import { readMoney, type Amount } from '../../payment-order/order/money.js';
import { toPaymentOrder, type OrderRow } from '../../payment-order/order/payment-order.row.js';
import { Database } from '../../platform/database/database.js';
import type { Sealing } from '../../platform/sealing/sealing.js';
import type {
  DebitAlarmSnapshot,
  DebitSnapshot,
  HistorySnapshot,
  InquiriesSnapshot,
  NotificationSnapshot,
  PaymentSnapshot,
  RefundSnapshot,
  ScanSnapshot,
} from './payment-snapshot.js';
import { SNAPSHOT } from './payment-snapshot.sql.js';
import type { PaymentId } from '../../payment-order/order/ids.js';

/** A row as `jsonb`: times are ISO 8601, an empty column is null. */
type Json = Readonly<Record<string, unknown>>;

interface SnapshotRow extends OrderRow {
  readonly acquirer_id: string | null;
  readonly psp_id: string | null;
  readonly amount_flag: string | null;
  readonly finished_at: Date | null;
  readonly debits: readonly Json[] | null;
  readonly notification: Json | null;
  readonly alarms: readonly Json[] | null;
  readonly debit_alarms: readonly Json[] | null;
  readonly refunds_seen: readonly Json[] | null;
  readonly inquiries: Json | null;
  readonly scans: readonly Json[] | null;
  readonly history: readonly Json[] | null;
}

/** Reads whole payments for operators; the rows read here never decide a move. */
@Injectable()
export class PaymentSnapshots {
  constructor(private readonly database: Database) {}

  async find(paymentId: PaymentId): Promise<PaymentSnapshot | undefined> {
    const [row] = await this.database.run<SnapshotRow>(SNAPSHOT, [paymentId]);
    return row && toSnapshot(row, this.database.sealing);
  }
}

function toSnapshot(row: SnapshotRow, sealing: Sealing): PaymentSnapshot {
  const more = {
    acquirerId: row.acquirer_id,
    pspId: row.psp_id,
    amountFlag: row.amount_flag,
    finishedAt: row.finished_at,
  };
  const alarms = rowsOf<NotificationSnapshot['alarms'][number]>(row.alarms);
  const [notification] = rowsOf<Omit<NotificationSnapshot, 'alarms'>>(row.notification);
  const [inquiries] = rowsOf<InquiriesSnapshot>(row.inquiries);
  return {
    readAt: row.now,
    order: { ...toPaymentOrder(row, sealing), ...withoutNulls(more) },
    debits: rowsOf<DebitSnapshot & Amount>(row.debits).map(toDebit),
    debitAlarms: rowsOf<DebitAlarmSnapshot>(row.debit_alarms),
    refunds: rowsOf<RefundRow>(row.refunds_seen).map(toRefund),
    scans: rowsOf<ScanSnapshot>(row.scans),
    history: rowsOf<HistorySnapshot>(row.history).map((line) => ({ ...line, detail: line.detail ?? {} })),
    ...(notification && { notification: { ...notification, alarms } }),
    ...(inquiries && { inquiries }),
  };
}

function toDebit({ currency, value, ...debit }: DebitSnapshot & Amount): DebitSnapshot {
  const amount = readMoney({ currency, value });
  return { ...debit, ...(amount && { amount }) };
}

interface RefundRow extends RefundSnapshot {
  readonly backCurrency?: string;
  readonly backValue?: string;
  readonly refundCurrency: string;
  readonly refundValue: string;
}

function toRefund(row: RefundRow): RefundSnapshot {
  const { backCurrency = '', backValue = '', refundCurrency, refundValue, ...refund } = row;
  const amount = readMoney({ currency: backCurrency, value: backValue });
  const refundAmount = readMoney({ currency: refundCurrency, value: refundValue });
  return { ...refund, ...(amount && { amount }), ...(refundAmount && { refundAmount }) };
}

const TIME = /(^at|_at|_since|_after|_until)$/;

/**
 * The statement names exactly the fields of the type: columns become camelCase, times become `Date`s, nulls are left
 * out.
 */
function rowsOf<Row>(rows: Json | readonly Json[] | null): Row[] {
  return [rows ?? []].flat().map((row) => fieldsOf(row) as Row); // the statement builds these objects field by field
}

function fieldsOf(row: Json): unknown {
  const fields = Object.entries(row).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(
    fields.map(([name, value]) => [
      name.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase()),
      TIME.test(name) ? new Date(String(value)) : value,
    ]),
  );
}

function withoutNulls<Row extends object>(row: Row): { [Name in keyof Row]?: NonNullable<Row[Name]> } {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as {
    [Name in keyof Row]?: NonNullable<Row[Name]>;
  }; // exactly the properties that are not null
}
