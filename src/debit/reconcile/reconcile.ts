import type {
  ComparedDebit,
  ComparedOrder,
  DebitOfWindow,
  ReconcileStore,
} from '../../payment-order/records/reconcile.store.js';
import type { Amount } from '../../payment-order/order/money.js';
import type { ListedDebit, WalletLedger } from '../../wallet-ledger/wallet-ledger.js';
import { Sum, type BookTotal } from './book-total.js';
import {
  money,
  unlike,
  unlikeDebit,
  unlikeOrder,
  unlikeRefund,
  type DifferenceKind,
  type LedgerDebitFact,
  type PartnerLine,
  type Unlike,
} from './reconcile-rules.js';
import { SeenIds } from './seen-ids.js';

export interface ReconcileRequest {
  readonly from: Date;
  readonly to: Date;
  /** The transactions of the window as Alipay+ has them; absent: its books are not compared. */
  readonly partner?: AsyncIterable<PartnerLine>;
  readonly onDifference: (difference: Difference) => void;
  /** Called with how many of our debits of the window have been compared, after the others' books were read. */
  readonly onCompared?: (done: number, all: number) => void;
}

export type Difference = Unlike & {
  /** Whose books ours differ from. */
  readonly book: 'alipay-plus' | 'ledger';
  readonly paymentRequestId: string;
  readonly refundRequestId?: string;
  /** Of the debit, at the ledger. */
  readonly key?: string;
  /** Of Alipay+'s file. */
  readonly line?: number;
  /** When we began the debit, or gave back; a difference close to an edge of the window may be one of the window. */
  readonly at?: Date;
};

export interface ReconcileReport {
  readonly totals: {
    /** What Alipay+ is owed for orders that are paid, and what goes back for refunds that are done. */
    readonly ourPayments: BookTotal;
    readonly ourRefunds: BookTotal;
    readonly alipayPlusPayments?: BookTotal;
    readonly alipayPlusRefunds?: BookTotal;
    /** What payers were debited and did not get back whole by a reversal. */
    readonly ourDebits: BookTotal;
    readonly ledgerDebits?: BookTotal;
  };
  readonly differences: Readonly<Partial<Record<DifferenceKind, number>>>;
  /** What could not be compared, in words. */
  readonly notSeen: readonly string[];
}

const LINES_AT_ONCE = 1_000;
/** Asked by key at the same time; a core that lists its debits is asked about few. */
const LOOKUPS_AT_ONCE = 8;

/**
 * Compares our books of a window with Alipay+'s file and the ledger's list, and changes nothing. Each of the others is
 * read once, a page at a time; of what was met only a digest of its id is kept, so that neither fills the memory.
 *
 * What stands in another book and not in the window of ours is looked up without the window before it is called a
 * difference: the clocks of two books never agree about an edge.
 */
export class Reconcile {
  private readonly counts = new Map<DifferenceKind, number>();
  private readonly notSeen: string[] = [];
  private unknownKeys = 0;

  constructor(
    private readonly store: ReconcileStore,
    private readonly ledger: WalletLedger,
  ) {}

  async run(request: ReconcileRequest): Promise<ReconcileReport> {
    const tell = (difference: Difference): void => {
      this.counts.set(difference.kind, (this.counts.get(difference.kind) ?? 0) + 1);
      request.onDifference(difference);
    };
    const partner = request.partner && (await this.readPartner(request.partner, tell));
    const ledger = await this.readLedger(request, tell);
    const ours = await this.readOurs(request, { partner, ledger }, tell);
    if (this.unknownKeys > 0)
      this.notSeen.push(`${this.unknownKeys} debits: the ledger did not say how they stand`);
    return {
      totals: {
        ourPayments: ours.payments.total,
        ourRefunds: ours.refunds.total,
        ...(partner && {
          alipayPlusPayments: partner.payments.total,
          alipayPlusRefunds: partner.refundsDone.total,
        }),
        ourDebits: ours.debits.total,
        ...(ledger.isWhole && { ledgerDebits: ledger.debits.total }),
      },
      differences: Object.fromEntries(this.counts),
      notSeen: this.notSeen,
    };
  }

  private async readPartner(lines: AsyncIterable<PartnerLine>, tell: Tell) {
    const books = {
      orders: new SeenIds(),
      refunds: new SeenIds(),
      payments: new Sum(),
      refundsDone: new Sum(),
    };
    for await (const page of pagesOf(lines, LINES_AT_ONCE)) {
      const [orders, refunds] = await Promise.all([
        this.store.orders(page.map(({ paymentRequestId }) => paymentRequestId)),
        this.store.refunds(page.flatMap(({ refundRequestId }) => refundRequestId ?? [])),
      ]);
      for (const line of page) {
        const { refundRequestId, paymentRequestId } = line;
        const about = {
          book: 'alipay-plus' as const,
          paymentRequestId,
          line: line.line,
          ...(refundRequestId !== undefined && { refundRequestId }),
        };
        const isNew =
          refundRequestId === undefined
            ? books.orders.add(paymentRequestId)
            : books.refunds.add(refundRequestId);
        if (!isNew) {
          tell({ ...about, ...unlike('DOUBLED', 'once', `${line.status} ${money(line)} again`) });
          continue;
        }
        if (refundRequestId === undefined && line.status === 'PAID') books.payments.add(line);
        if (refundRequestId !== undefined && ['PAID', 'REFUNDED'].includes(line.status))
          books.refundsDone.add(line);
        const found =
          refundRequestId === undefined
            ? unlikeOrder(line, orders.get(paymentRequestId))
            : unlikeRefund(line, refunds.get(refundRequestId));
        if (found) tell({ ...about, ...found });
      }
    }
    return books;
  }

  private async readLedger({ from, to }: ReconcileRequest, tell: Tell) {
    const books = { keys: new SeenIds(), orders: new SeenIds(), debits: new Sum(), isWhole: false };
    for (let after: string | undefined; ;) {
      const page = await this.ledger.listDebits({ from, to, ...(after === undefined ? {} : { after }) });
      if (page.outcome !== 'listed') {
        const why = page.outcome === 'unknown' ? page.reason : 'it does not list them';
        this.notSeen.push(`debits that no record of ours names: the ledger was not seen to the end (${why})`);
        return books;
      }
      const orders = await this.store.orders(page.debits.map(({ paymentRequestId }) => paymentRequestId));
      for (const debit of page.debits) {
        const { key, paymentRequestId, amount, bookedAt: at, status } = debit;
        const about = { book: 'ledger' as const, paymentRequestId, key, at };
        if (status === 'debited') books.debits.add({ ...amount, value: amount.value.toString() });
        if (!books.keys.add(key) || !books.orders.add(paymentRequestId)) {
          tell({ ...about, ...unlike('DOUBLED', 'one debit an order', 'another one') });
          continue;
        }
        const found = unlikeDebit(ourDebit(orders.get(paymentRequestId), key), factOf(debit));
        if (found) tell({ ...about, ...found });
      }
      if (page.next === undefined) {
        books.isWhole = true;
        return books;
      }
      after = page.next;
    }
  }

  private async readOurs(request: ReconcileRequest, { partner, ledger }: Others, tell: Tell) {
    const { from, to, onCompared } = request;
    const sums = { payments: new Sum(), refunds: new Sum(), debits: new Sum() };
    const all = await this.store.countDebits(from, to);
    let done = 0;
    for await (const page of this.store.debitsIn(from, to)) {
      for (const debit of page) {
        if (debit.status === 'DEBITED') sums.debits.add(debit);
        const owed = debit.orderStatus === 'PAID' ? debit.payTo : undefined;
        if (owed === undefined) continue;
        sums.payments.add(owed);
        if (partner?.orders.has(debit.paymentRequestId) === false) tell(withoutLine(debit, 'PAID', owed));
      }
      const unlisted = page.filter(({ key }) => !ledger.keys.has(key));
      await this.askByKey(unlisted, tell);
      done += page.length;
      onCompared?.(done, Math.max(all, done));
    }
    sums.refunds = await this.readOurRefunds(request, partner, tell);
    return sums;
  }

  private async readOurRefunds({ from, to }: ReconcileRequest, partner: Others['partner'], tell: Tell) {
    const sum = new Sum();
    for await (const page of this.store.refundsIn(from, to)) {
      for (const refund of page) {
        sum.add(refund);
        if (partner?.refunds.has(refund.refundRequestId) === false)
          tell(withoutLine(refund, 'REFUNDED', refund));
      }
    }
    return sum;
  }

  /** What the ledger did not list: it may have booked it beyond an edge of the window, or lists nothing. */
  private async askByKey(debits: readonly DebitOfWindow[], tell: Tell): Promise<void> {
    const left = [...debits];
    const ask = async (): Promise<void> => {
      for (let debit = left.pop(); debit !== undefined; debit = left.pop()) {
        const { key, paymentRequestId, at } = debit;
        const answer = await this.ledger.lookup(key);
        if (answer.outcome === 'unknown') {
          this.unknownKeys += 1;
          continue;
        }
        const found = unlikeDebit(debit, byKey(answer));
        if (found) tell({ book: 'ledger', paymentRequestId, key, at, ...found });
      }
    };
    await Promise.all(Array.from({ length: LOOKUPS_AT_ONCE }, ask));
  }
}

type Tell = (difference: Difference) => void;
interface Others {
  readonly partner: { readonly orders: SeenIds; readonly refunds: SeenIds } | undefined;
  readonly ledger: { readonly keys: SeenIds };
}

function withoutLine(
  { paymentRequestId, refundRequestId, at }: Pick<Difference, 'paymentRequestId' | 'refundRequestId' | 'at'>,
  status: string,
  amount: Amount,
): Difference {
  return {
    book: 'alipay-plus',
    paymentRequestId,
    ...(refundRequestId !== undefined && { refundRequestId }),
    ...(at && { at }),
    ...unlike('ONLY_HERE', `${status} ${money(amount)}`, 'no line'),
  };
}

function ourDebit(
  order: ComparedOrder | undefined,
  key: string,
): (ComparedDebit & { readonly customerId: string }) | undefined {
  const debit = order?.debits.find((one) => one.key === key);
  return order && debit && { ...debit, customerId: order.customerId };
}

function factOf({ status, customerId, amount }: ListedDebit): LedgerDebitFact {
  return { status, customerId, amount };
}

function byKey(
  answer: Exclude<Awaited<ReturnType<WalletLedger['lookup']>>, { readonly outcome: 'unknown' }>,
): LedgerDebitFact {
  if (answer.outcome === 'debited')
    return { status: 'debited', customerId: answer.customerId, amount: answer.amount };
  return { status: answer.outcome === 'reversed' ? 'reversed' : 'absent' };
}

async function* pagesOf<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[]> {
  let page: T[] = [];
  for await (const item of items) {
    page.push(item);
    if (page.length < size) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
