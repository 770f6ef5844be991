import type { InboundAnswer } from '../../../src/inbound/inbound.service.js';
import type {
  DebitStatus,
  NotificationStatus,
  PaymentStatus,
} from '../../../src/payment-order/order/payment-status.js';
import { Violation } from '../engine/violation.js';
import type { PartnerOrder } from '../world/alipay-plus-books.js';
import type { World } from '../world/world.js';

interface RestRow {
  readonly payment_id: string;
  readonly payment_request_id: string;
  readonly status: PaymentStatus;
  readonly result_status: 'S' | 'F' | null;
  readonly result_code: string | null;
  readonly body: Buffer | null;
  readonly notification: NotificationStatus | null;
  readonly debits: readonly DebitStatus[];
}

const ORDERS = `
  select o.payment_id, o.payment_request_id, o.status, o.result_status, o.result_code, n.body,
    n.status as notification,
    array(select d.status from debit d where d.payment_id = o.payment_id order by d.sequence) as debits
  from payment_order o left join notification n using (payment_id) order by o.payment_request_id`;

const UNDRAINED = `
  select 'scan' as what, scan_id as id, status from scan where status = 'PENDING'
  union all select 'order', payment_id, status from payment_order
    where status in ('AWAITING_CONFIRMATION', 'HELD', 'DEBITING')
  union all select 'debit', debit_id, status from debit where status in ('INTENDED', 'IN_DOUBT', 'REVERSING')
  union all select 'refund', refund_id, status from refund where status in ('REQUESTED', 'IN_DOUBT')
  union all select 'notification', payment_id, status from notification where status = 'PENDING' limit 1`;

/** Orders for which the list of unpaid orders, kept by triggers, is wrong. */
const MISLISTED = `
  select coalesce(o.payment_id, u.payment_id) as id, o.status, u.status as listed
  from (select * from payment_order where is_unpaid(status, cancel_requested_at)) o
    full join unpaid_order u on u.payment_id = o.payment_id and u.status = o.status and u.created_at = o.created_at
      and u.expires_at = o.expires_at and u.cancel_requested_at is not distinct from o.cancel_requested_at
  where o.payment_id is null or u.payment_id is null limit 1`;

/** Compares all rows with the books of the others, once nothing moves any more. */
export class RestChecks {
  constructor(private readonly world: World) {}

  /** @param inquired the answers of inquiryPayment at the end, by paymentRequestId */
  async run(inquired: ReadonlyMap<string, InboundAnswer | undefined>): Promise<void> {
    const { connections, partner } = this.world;
    const [left] = await connections.look<{ what: string; id: string; status: string }>(UNDRAINED);
    const rows = await connections.look<RestRow & Record<string, unknown>>(ORDERS);
    const [mislisted] = await connections.look<{ id: string; status: string; listed: string }>(MISLISTED);
    if (mislisted) {
      const { id, status, listed } = mislisted;
      throw new Violation(10, `an order is ${status} and listed as ${listed}`, [id]);
    }
    const byId = new Map(rows.map((row) => [row.payment_request_id, row]));
    for (const order of partner.orders.values()) {
      const row = byId.get(order.paymentRequestId);
      this.checkMoney(order, row);
      this.checkInquiries(order);
      if (!row) continue;
      this.checkCancel(order, row);
      if (left) continue;
      this.checkTold(order, row);
      this.checkAgreement(order, row, inquired.get(order.paymentRequestId));
    }
    if (left) throw new Violation(10, `a ${left.what} stands still as ${left.status}`, [left.id]);
  }

  /** Guarantees 1, 3 and 9 by the ledger's books: money is held for PAID, and for nothing else. */
  private checkMoney(order: PartnerOrder, row: RestRow | undefined): void {
    const held = this.world.ledger.heldFor(order.paymentRequestId).length;
    const isUnderWay = row?.status === 'DEBITING' || row?.debits.includes('REVERSING') === true;
    if (isUnderWay || held === (row?.status === 'PAID' ? 1 : 0)) return;
    if (order.areCommitsLost && isLostForGood(order, row, held)) return;
    const guarantee = row ? HELD_WRONGLY[row.status] : undefined;
    this.break(guarantee ?? 1, order, row, `${row?.status ?? 'unknown to us'}, and ${held} debits are held`);
  }

  private checkCancel(order: PartnerOrder, row: RestRow): void {
    if (order.cancelAnsweredMs === undefined) return;
    const isClosed = row.status !== 'PAID' && row.status !== 'AWAITING_CONFIRMATION' && row.status !== 'HELD';
    if (!isClosed) this.break(9, order, row, `was cancelled and is ${row.status}`);
  }

  /** Guarantee 4: one frozen body with the order's end, delivered unless it was never acknowledged. */
  private checkTold(order: PartnerOrder, row: RestRow): void {
    const toldStatus = statusIn(row.body);
    const isUndone = row.status === 'CANCELLED' && row.debits.includes('REVERSED');
    if (toldStatus !== row.result_status && !(isUndone && toldStatus === 'S')) {
      this.break(4, order, row, `is ${row.status} and its notification says ${String(toldStatus)}`);
    }
    const wanted = order.notifyMode === 'acknowledges' ? 'DELIVERED' : 'PARKED';
    if (row.notification !== wanted) {
      this.break(4, order, row, `its notification is ${String(row.notification)} and not ${wanted}`);
    }
    const isSame = order.areCommitsLost || (row.body !== null && order.told?.equals(row.body) === true);
    if (row.notification === 'DELIVERED' && !isSame) {
      this.break(4, order, row, 'Alipay+ was told other bytes than the frozen ones');
    }
  }

  private checkAgreement(order: PartnerOrder, row: RestRow, answer: InboundAnswer | undefined): void {
    const said = answer?.paymentResult;
    if (said?.resultStatus === row.result_status && said?.resultCode === row.result_code) return;
    this.break(5, order, row, `is ${row.status}, and inquiry says ${String(said?.resultStatus)}`);
  }

  private checkInquiries(order: PartnerOrder): void {
    let last = 'ORDER_NOT_EXIST';
    for (const told of order.inquired) {
      const isUndone = last === 'S' && told === 'F' && order.cancelAskedMs !== undefined;
      if (rankOf(told) < rankOf(last) || (rankOf(last) === 2 && told !== last && !isUndone)) {
        this.break(5, order, undefined, `inquiries said ${order.inquired.join(', ')}`);
      }
      last = told;
    }
  }

  private break(guarantee: number, order: PartnerOrder, row: RestRow | undefined, what: string): never {
    const about = [order.paymentRequestId, ...(row ? [row.payment_id] : [])];
    throw new Violation(guarantee, `${order.paymentRequestId}: ${what}`, about);
  }
}

/** An order that nobody scanned again, or a completed cancel: the ledger has records of both, and cannot be asked. */
function isLostForGood(order: PartnerOrder, row: RestRow | undefined, held: number): boolean {
  // A cancel that was answered afterwards has given the money back.
  if (!row) return held === 1 && order.cancelAnsweredMs === undefined;
  return row.status === 'PAID' && held === 0 && order.cancelAskedMs !== undefined;
}

/** The guarantee that is broken when money is held for an order with this end; any other end breaks the first. */
const HELD_WRONGLY: Readonly<Partial<Record<PaymentStatus, number>>> = {
  CANCELLED: 9,
  FAILED: 3,
  EXPIRED: 3,
};

interface NotifiedBody {
  readonly paymentResult?: { readonly resultStatus?: string };
}

function statusIn(body: Buffer | null): string | undefined {
  if (!body) return undefined;
  const { paymentResult } = JSON.parse(body.toString()) as NotifiedBody; // our own writer wrote it
  return paymentResult?.resultStatus;
}

/** The order of answers: unknown, then under way, then a result. */
function rankOf(told: string): number {
  if (told === 'ORDER_NOT_EXIST') return 0;
  return told === 'U' ? 1 : 2;
}
