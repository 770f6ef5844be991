import { Injectable } from '@nestjs/common';
import { Database, type Runner } from '../../platform/database/database.js';
import * as cancel from '../cancel/cancel.sql.js';
import { ASK_LEDGER } from '../debit/debit.sql.js';
import type { CustomerId, DebitKey, PaymentId, PaymentRequestId } from '../order/ids.js';
import type { DebitStatus, NotificationStatus, PaymentStatus } from '../order/payment-status.js';
import * as sql from './repair.sql.js';

/** Our state of one order. */
export interface KeptStanding {
  readonly paymentRequestId: PaymentRequestId;
  /** Absent for an order we do not know. */
  readonly order?: {
    readonly paymentId: PaymentId;
    readonly status: PaymentStatus;
    readonly customerId: CustomerId;
    readonly payAmount?: { readonly currency: string; readonly value: bigint };
  };
  readonly isCancelled: boolean;
  readonly notification: NotificationStatus | 'none';
  readonly debits: readonly { readonly key: DebitKey; readonly status: DebitStatus }[];
}

export interface WantedBack {
  readonly key: DebitKey;
  readonly paymentRequestId: PaymentRequestId;
  readonly rule: string;
  readonly actor: string;
  readonly reason: string;
}

interface StandingRow {
  readonly payment_request_id: PaymentRequestId;
  readonly payment_id: PaymentId | null;
  readonly status: PaymentStatus;
  readonly customer_id: CustomerId;
  readonly pay_currency: string | null;
  readonly pay_value: string | null;
  readonly is_cancelled: boolean;
  readonly notification_status: NotificationStatus | null;
  readonly debits: KeptStanding['debits'];
}

const ROWS_AT_ONCE = 500;

/** What a repair reads and writes of our records. */
@Injectable()
export class RepairStore {
  constructor(private readonly database: Database) {}

  standings(ids: readonly PaymentRequestId[]): Promise<KeptStanding[]> {
    return standingsOf(this.database, ids);
  }

  /** Of every paid order that became known in the window. */
  async *paidIn(from: Date, to: Date): AsyncGenerator<PaymentRequestId> {
    let last: PaymentId | null = null;
    for (;;) {
      const rows: readonly { payment_id: PaymentId; payment_request_id: PaymentRequestId }[] =
        await this.database.run(sql.PAID_IN, [from, to, last, ROWS_AT_ONCE]);
      for (const row of rows) yield row.payment_request_id;
      if (rows.length < ROWS_AT_ONCE) return;
      last = rows.at(-1)?.payment_id ?? null;
    }
  }

  async keysOf(id: PaymentRequestId, attempts: number): Promise<DebitKey[]> {
    const rows = await this.database.run<{ key: DebitKey }>(sql.KEYS, [id, attempts]);
    return rows.map(({ key }) => key);
  }

  /** Has the workers ask the ledger about an open order now; false when it is not open any more. */
  async askLedger(id: PaymentRequestId): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const [marked] = await tx.run<{ payment_id: PaymentId }>(sql.MARK_LOST, [id]);
      if (!marked) return false;
      // A lease of nothing: the debit is due at once, for any worker.
      return (await tx.run(ASK_LEDGER, [marked.payment_id, 0])).length > 0;
    });
  }

  /**
   * Writes down that a debit is to be given back, unless the order has changed since it was judged. An order we do not
   * know gets a tombstone first: a later scan of its code finds it ended, and it can never be paid by a debit that goes
   * back.
   */
  async wantBack(wanted: WantedBack, judged: KeptStanding): Promise<boolean> {
    const { key, paymentRequestId, rule, actor, reason } = wanted;
    if (judged.order === undefined) await this.database.run(cancel.BURY, [paymentRequestId, null, null]);
    return this.database.transaction(async (tx) => {
      await tx.run(cancel.AWAIT_INSERTS, [paymentRequestId]);
      const [now] = await standingsOf(tx, [paymentRequestId]);
      if (now?.order?.status !== judged.order?.status || now?.debits.length !== judged.debits.length)
        return false;
      await tx.run(sql.WANT_BACK, [key, paymentRequestId, rule, actor, reason]);
      return true;
    });
  }

  async givenBack(key: DebitKey, ledgerReference: string): Promise<void> {
    await this.database.run(sql.GIVEN_BACK, [key, ledgerReference]);
  }

  async left(): Promise<{ readonly key: DebitKey; readonly paymentRequestId: PaymentRequestId }[]> {
    type Row = { readonly key: DebitKey; readonly payment_request_id: PaymentRequestId };
    const rows = await this.database.run<Row>(sql.LEFT, []);
    return rows.map(({ key, payment_request_id: paymentRequestId }) => ({ key, paymentRequestId }));
  }
}

async function standingsOf(runner: Runner, ids: readonly PaymentRequestId[]): Promise<KeptStanding[]> {
  const rows = await runner.run<StandingRow>(sql.STANDINGS, [ids]);
  return rows.map((row) => ({
    paymentRequestId: row.payment_request_id,
    isCancelled: row.is_cancelled,
    notification: row.notification_status ?? 'none',
    debits: row.debits,
    ...(row.payment_id !== null && { order: orderOf(row, row.payment_id) }),
  }));
}

function orderOf(row: StandingRow, paymentId: PaymentId): NonNullable<KeptStanding['order']> {
  const { status, customer_id: customerId, pay_currency: currency, pay_value: value } = row;
  const payAmount = currency !== null && value !== null && { currency, value: BigInt(value) };
  return { paymentId, status, customerId, ...(payAmount && { payAmount }) };
}
