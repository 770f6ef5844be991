import type { OpenedStores } from './opened-stores.js';

interface KeptDebit {
  readonly debit_id: string;
  readonly sequence: number;
  readonly status: string;
  readonly currency: string;
  readonly value: string;
  readonly quote_id: string | null;
  readonly not_after: Date;
  readonly refusal_code: string | null;
  readonly ledger_reference: string | null;
  readonly tries: number;
  readonly next_attempt_at: Date | null;
  readonly lease_until: Date | null;
}

interface HistoryLine {
  readonly event: string;
  readonly from_status: string | null;
  readonly to_status: string;
  readonly actor: string;
  readonly detail: Record<string, unknown> | null;
}

interface KeptNotification {
  readonly url: string;
  readonly body: Buffer;
  readonly body_sha256: Buffer;
  readonly status: string;
  readonly tries: number;
  readonly created_at: Date;
  readonly next_attempt_at: Date | null;
  readonly gives_up_at: Date;
}

/** All rows that the database has of one order, read without the stores. */
export interface KeptOrder {
  readonly status: string;
  readonly result: string;
  readonly history: readonly HistoryLine[];
  readonly debits: readonly KeptDebit[];
  readonly notifications: readonly KeptNotification[];
}

export async function keptOrder(stores: OpenedStores, paymentId: string): Promise<KeptOrder> {
  const [order] = await stores.sql<{ status: string; result: string }>(
    `select status, concat_ws(' ', result_status, result_code) as result from payment_order where payment_id = $1`,
    [paymentId],
  );
  if (!order) throw new Error(`there is no order ${paymentId}`);
  const of = <Row>(table: string, orderBy: string): Promise<Row[]> =>
    stores.sql<Row>(`select * from ${table} where payment_id = $1 order by ${orderBy}`, [paymentId]);
  return {
    ...order,
    history: await of<HistoryLine>('payment_history', 'history_id'),
    debits: await of<KeptDebit>('debit', 'sequence'),
    notifications: await of<KeptNotification>('notification', 'created_at'),
  };
}

/** The events of the order's history, in order. */
export function eventsOf(order: KeptOrder): string[] {
  return order.history.map(({ event }) => event);
}
