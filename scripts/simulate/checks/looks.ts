import type { Connections } from '../database/connections.js';
import { EPOCH_MS } from '../engine/virtual-globals.js';
import { Violation } from '../engine/violation.js';
import { AlipayPlusBooks } from '../world/alipay-plus-books.js';
import type { LedgerRefund } from '../../../src/wallet-ledger/wallet-ledger.js';
import type { LedgerEntry } from '../world/ledger-books.js';

interface Books {
  readonly partner: AlipayPlusBooks;
  readonly ledger: {
    readonly entries: ReadonlyMap<string, LedgerEntry>;
    heldFor(paymentRequestId: string): readonly LedgerEntry[];
  };
}

const EARLIEST_DUE = `
  select min(due) as due from (
    select greatest(next_attempt_at, lease_until) as due from scan where status = 'PENDING'
    union all select greatest(next_attempt_at, lease_until) from debit where next_attempt_at is not null
    union all select greatest(next_attempt_at, lease_until) from refund where next_attempt_at is not null
    union all select greatest(next_attempt_at, lease_until) from notification where status = 'PENDING'
    union all select expires_at from payment_order where status in ('AWAITING_CONFIRMATION', 'HELD')
    union all select cancel_requested_at from payment_order
      where cancel_requested_at is not null and status in ('AWAITING_CONFIRMATION', 'HELD', 'PAID')
        and cancel_requested_at > db_now() - interval '10 minutes') as all_due`;

/** Checks of the guarantees at the moment of an event. */
export class Looks {
  /** The refund id of Alipay+ by key, as it was when the ledger was called. */
  private readonly requestIds = new Map<string, string>();
  private readonly givenUnder = new Map<string, string>();

  constructor(private readonly connections: Connections) {}

  /** Guarantee 2: a debit is sent only under a committed key. */
  async debitLeaves(key: string): Promise<void> {
    const known = await this.connections.look('select 1 from debit where debit_id = $1', [key]);
    if (known.length === 0) throw new Violation(2, `a debit was sent whose intent is not committed`, [key]);
  }

  /** Guarantee 2, likewise for a refund; and remembers whose request the key stands for, which may be lost later. */
  async refundLeaves(key: string): Promise<void> {
    const [known] = await this.connections.look<{ id: string }>(
      'select refund_request_id as id from refund where refund_id = $1',
      [key],
    );
    if (!known) throw new Violation(2, `a refund was sent whose intent is not committed`, [key]);
    this.requestIds.set(key, known.id);
  }

  /**
   * Guarantee 11: the ledger would refuse it, and must never be asked. Where refunds were lost with the records, only
   * the ledger remembers them.
   */
  refundExceeds({ key, debitKey }: LedgerRefund, { partner, ledger }: Books): void {
    const { paymentRequestId } = ledger.entries.get(debitKey) ?? {};
    if (partner.orders.get(paymentRequestId ?? '')?.areCommitsLost) return;
    throw new Violation(11, 'the ledger is asked to give back more than it took', [key, debitKey]);
  }

  /** Guarantee 11, in the ledger's own books, at each refund: once for each id of Alipay+. */
  refunded({ key, debitKey }: LedgerRefund): void {
    const id = this.requestIds.get(key) ?? key;
    const before = this.givenUnder.get(id);
    this.givenUnder.set(id, key);
    if (before === undefined || before === key) return;
    throw new Violation(11, `${id} is given back twice`, [id, before, key, debitKey]);
  }

  /** The customer of each order. */
  async owners(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.connections.look<{ id: string; owner: string }>(
      'select payment_request_id as id, customer_id as owner from payment_order',
    );
    return new Map(rows.map(({ id, owner }) => [id, owner]));
  }

  async decodeLeaves(body: Buffer): Promise<void> {
    const known = await this.connections.look('select 1 from sim_request where body = $1', [body]);
    if (known.length === 0) throw new Violation(2, 'a decode was sent whose scan is not committed');
  }

  /** Guarantees 2 and 4: the sent bytes are those that were frozen with the final status. */
  async notificationLeaves(body: Buffer): Promise<void> {
    const known = await this.connections.look('select 1 from notification where body = $1', [body]);
    if (known.length > 0) return;
    const { paymentRequestId } = JSON.parse(body.toString()) as { paymentRequestId: string }; // our own writer wrote it
    throw new Violation(4, 'the bytes sent are not the frozen ones', [paymentRequestId]);
  }

  /** When the next waiting row is due, in virtual time. */
  async earliestDueMs(): Promise<number | undefined> {
    const [row] = await this.connections.look<{ due: Date | null }>(EARLIEST_DUE);
    return row?.due ? row.due.getTime() - EPOCH_MS : undefined;
  }

  /** Guarantees 1, 7 and 8, in the ledger's own books, at each debit. */
  debited({ paymentRequestId, debit, atMs }: LedgerEntry, { partner, ledger }: Books): void {
    const about = [paymentRequestId, debit?.key ?? ''];
    const order = partner.orders.get(paymentRequestId);
    if (!order || !debit) throw new Violation(6, `a debit for ${paymentRequestId}, which nobody made`, about);
    if (ledger.heldFor(paymentRequestId).length > 1) {
      throw new Violation(1, `${paymentRequestId} is debited twice`, about);
    }
    if (order.isHeld)
      throw new Violation(8, `${paymentRequestId} is debited although it must be held`, about);
    const { currency, value } = debit.amount;
    if (currency !== order.payAmount.currency || String(value) !== order.payAmount.value) {
      throw new Violation(
        7,
        `${paymentRequestId} is debited ${value} instead of ${order.payAmount.value}`,
        about,
      );
    }
    if (atMs >= AlipayPlusBooks.payableUntilMs(order) + 1) {
      throw new Violation(8, `${paymentRequestId} is debited after its order or quote had expired`, about);
    }
  }
}
