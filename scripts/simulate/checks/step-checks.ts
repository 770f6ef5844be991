import type { PaymentStatus } from '../../../src/payment-order/order/payment-status.js';
import type { Connections } from '../database/connections.js';
import { Violation } from '../engine/violation.js';
import type { AlipayPlusBooks } from '../world/alipay-plus-books.js';

import { checkRefundsKept } from './refund-checks.js';

interface OrderRow {
  readonly payment_id: string;
  readonly payment_request_id: string;
  readonly customer_id: string;
  readonly status: PaymentStatus;
  readonly hash: string | null;
  readonly notification: string | null;
}

type StandingRow = { readonly twice: string[] | null } & (OrderRow | { readonly payment_id: null });

/** All orders, with the scans of a code that is decoded twice at the same time; one row when there is no order. */
const STANDING = `
  select o.payment_id, o.payment_request_id, o.customer_id, o.status,
    encode(sha256(n.body), 'hex') as hash, n.status as notification, twice.ids as twice
  from (select (select array_agg(scan_id::text) from scan where status = 'PENDING' group by code_hash
      having count(*) > 1 limit 1) as ids) twice
    left join (payment_order o left join notification n using (payment_id)) on true order by o.payment_request_id`;

const TERMINAL: ReadonlySet<PaymentStatus> = new Set(['PAID', 'FAILED', 'DECLINED', 'EXPIRED', 'CANCELLED']);

/** Compares committed rows with those before, after every step with a commit. */
export class StepChecks {
  private readonly before = new Map<string, OrderRow>();

  constructor(
    private readonly connections: Connections,
    private readonly partner: AlipayPlusBooks,
  ) {}

  /** Commits were lost: rows may be as they were before. */
  forget(): void {
    this.before.clear();
  }

  async run(): Promise<void> {
    await checkRefundsKept(this.connections);
    const rows = await this.connections.look<StandingRow>(STANDING);
    const twice = rows[0]?.twice;
    if (twice) throw new Violation(1, 'one code is decoded twice at the same time', twice);
    const seen = new Set<string>();
    for (const row of rows) {
      if (row.payment_id === null) continue;
      if (seen.has(row.payment_request_id)) throw this.violation(1, row, 'there are two orders for one id');
      seen.add(row.payment_request_id);
      this.checkAlone(row);
      this.checkMove(this.before.get(row.payment_id), row);
      this.before.set(row.payment_id, row);
    }
  }

  private checkAlone(row: OrderRow): void {
    const order = this.partner.orders.get(row.payment_request_id);
    if (!order) throw this.violation(6, row, 'nobody made this order');
    if (TERMINAL.has(row.status) !== (row.hash !== null)) {
      throw this.violation(4, row, `${row.status} ${row.hash === null ? 'without' : 'with'} a notification`);
    }
    if (row.notification === 'DELIVERED' && !order.acknowledged) {
      throw this.violation(4, row, 'counts as delivered, but was never acknowledged');
    }
  }

  private checkMove(before: OrderRow | undefined, now: OrderRow): void {
    if (!before) return;
    const isUndone = before.status === 'PAID' && now.status === 'CANCELLED';
    if (TERMINAL.has(before.status) && before.status !== now.status && !isUndone) {
      throw this.violation(1, now, `went from ${before.status} to ${now.status}`);
    }
    if (before.hash !== null && before.hash !== now.hash) {
      throw this.violation(4, now, 'its notification has other bytes than before');
    }
    if (before.notification === 'DELIVERED' && now.notification !== 'DELIVERED') {
      throw this.violation(4, now, 'its notification was delivered and is not any more');
    }
    if (before.customer_id !== now.customer_id) throw this.violation(1, now, 'changed its owner');
  }

  private violation(guarantee: number, row: OrderRow, what: string): Violation {
    return new Violation(guarantee, `${row.payment_request_id}: ${what}`, [
      row.payment_request_id,
      row.payment_id,
    ]);
  }
}
