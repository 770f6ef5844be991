import type { DebitKey, PaymentRequestId } from '../../payment-order/order/ids.js';
import type { PaymentStatus } from '../../payment-order/order/payment-status.js';
import type { KeptStanding, RepairStore } from '../../payment-order/records/repair.store.js';
import type { ListedDebit, WalletLedger } from '../../wallet-ledger/wallet-ledger.js';
import { dayEnd, judge, type Judgement, type OurStanding, type RepairCase } from './repair-rules.js';

export interface RepairRequest {
  /** When commits may have been lost; debits and orders of that time are checked. */
  readonly from: Date;
  readonly to: Date;
  /** What Alipay+ counts as paid, complete for the days of the window; absent: unknown. */
  readonly paid?: ReadonlySet<string>;
  readonly now: Date;
  /** Called with how many of the orders have been checked. */
  readonly onLooked?: (done: number, all: number) => void;
}

export interface Finding extends Judgement {
  readonly paymentRequestId: PaymentRequestId;
  /** The debit that was asked about; absent where the ledger knows none. */
  readonly key?: DebitKey;
  readonly ours: string;
  readonly ledger: RepairCase['ledger'];
  /** What was done about it, when that was asked for. */
  readonly done?: 'asked' | 'given-back' | 'given-back-later' | 'changed-meanwhile';
}

export interface RepairReport {
  readonly findings: readonly Finding[];
  /** Which of the three books could not be read, in words. */
  readonly notSeen: readonly string[];
}

export interface RepairOrder {
  readonly actor: string;
  readonly reason: string;
}

/** Attempts of one order at its debit; a payer who tops up makes a second one. */
const MOST_ATTEMPTS = 8;

interface LedgerFact {
  readonly key?: DebitKey;
  readonly state: RepairCase['ledger'];
  readonly taken?: Pick<ListedDebit, 'customerId' | 'amount'>;
  readonly bookedAt?: Date;
}

/**
 * After records were lost: compares our books with the ledger's and with what Alipay+ counts as paid, and corrects
 * them.
 */
export class Repair {
  private readonly standings = new Map<PaymentRequestId, KeptStanding>();

  constructor(
    private readonly store: RepairStore,
    private readonly ledger: WalletLedger,
  ) {}

  /** Only reads. */
  async look(request: RepairRequest): Promise<RepairReport> {
    const notSeen: string[] = [];
    const listed = await this.listed(request, notSeen);
    const { paid } = request;
    if (paid === undefined) notSeen.push('what Alipay+ counts as paid: no list was given');
    const ids = new Set<PaymentRequestId>([...listed.keys(), ...(paid ?? [])]);
    for await (const id of this.store.paidIn(request.from, request.to)) ids.add(id);
    const findings: Finding[] = [];
    for (const id of ids) {
      findings.push(await this.find(id, listed.get(id), request));
      request.onLooked?.(findings.length, ids.size);
    }
    return { findings, notSeen };
  }

  /** Does what the check found; every step is written down before the ledger is asked for it. */
  async putRight({ findings, notSeen }: RepairReport, order: RepairOrder): Promise<RepairReport> {
    for (const { key } of await this.store.left()) await this.giveBack(key);
    const done: Finding[] = [];
    for (const finding of findings) done.push(await this.act(finding, order));
    return { findings: done, notSeen };
  }

  private async act(finding: Finding, { actor, reason }: RepairOrder): Promise<Finding> {
    const { verdict, paymentRequestId, key } = finding;
    if (verdict === 'restore') {
      const isAsked = await this.store.askLedger(paymentRequestId);
      return { ...finding, done: isAsked ? 'asked' : 'changed-meanwhile' };
    }
    const judged = this.standings.get(paymentRequestId);
    if (verdict !== 'reverse' || key === undefined || judged === undefined) return finding;
    const wanted = { key, paymentRequestId, rule: finding.reason, actor, reason };
    if (!(await this.store.wantBack(wanted, judged))) return { ...finding, done: 'changed-meanwhile' };
    return { ...finding, done: (await this.giveBack(key)) ? 'given-back' : 'given-back-later' };
  }

  private async giveBack(key: DebitKey): Promise<boolean> {
    const answer = await this.ledger.reverse(key, 'records were lost');
    if (answer.outcome === 'done') await this.store.givenBack(key, answer.ledgerReference);
    return answer.outcome === 'done';
  }

  /** By order: a ledger takes the money of one only once. */
  private async listed(
    { from, to }: RepairRequest,
    notSeen: string[],
  ): Promise<Map<PaymentRequestId, ListedDebit>> {
    const debits = new Map<PaymentRequestId, ListedDebit>();
    for (let after: string | undefined; ;) {
      const page = await this.ledger.listDebits({ from, to, ...(after === undefined ? {} : { after }) });
      if (page.outcome !== 'listed') {
        const why = page.outcome === 'unknown' ? page.reason : 'it does not list them';
        notSeen.push(`debits that no record of ours names: the ledger was not seen to the end (${why})`);
        return debits;
      }
      for (const debit of page.debits) debits.set(debit.paymentRequestId, debit);
      if (page.next === undefined) return debits;
      after = page.next;
    }
  }

  private async find(
    id: PaymentRequestId,
    listed: ListedDebit | undefined,
    request: RepairRequest,
  ): Promise<Finding> {
    const [kept] = await this.store.standings([id]);
    if (kept === undefined) throw new Error('a standing is missing');
    this.standings.set(id, kept);
    const fact = listed === undefined ? await this.lookUp(kept) : factOf(listed);
    const one = caseOf(kept, fact, request);
    const { state: ledger, key } = fact;
    return {
      paymentRequestId: id,
      ...(key && { key }),
      ours: kept.order?.status ?? one.ours,
      ledger,
      ...judge(one),
    };
  }

  /** By our own keys, or by those that the attempts of a lost order had. */
  private async lookUp({ paymentRequestId, debits }: KeptStanding): Promise<LedgerFact> {
    const own = debits.filter(({ status }) => status !== 'REFUSED').map(({ key }) => key);
    const keys = own.length > 0 ? own : await this.store.keysOf(paymentRequestId, MOST_ATTEMPTS);
    for (const key of keys) {
      const found = await this.ledger.lookup(key);
      if (found.outcome === 'unknown') return { key, state: 'unknown' };
      if (found.outcome === 'debited') return { key, state: 'debited', taken: found };
      if (found.outcome === 'reversed') return { key, state: 'reversed' };
      if (found.outcome === 'absent' && own.length === 0) break;
    }
    return { state: 'not-taken' };
  }
}

function factOf({ key, status, customerId, amount, bookedAt }: ListedDebit): LedgerFact {
  return { key, state: status, taken: { customerId, amount }, bookedAt };
}

function caseOf(kept: KeptStanding, fact: LedgerFact, { paid, to, now }: RepairRequest): RepairCase {
  const { order, debits, notification, paymentRequestId } = kept;
  const counted = paid?.has(paymentRequestId) === true ? 'paid' : 'not-paid';
  return {
    ours: standingOf(kept),
    debit: debits.find(({ key }) => key === fact.key)?.status ?? 'none',
    ledger: fact.state,
    fits: order === undefined || fact.taken === undefined || isOfOrder(order, fact.taken),
    notification,
    partner: paid === undefined ? 'unsaid' : counted,
    isDayOver: now >= dayEnd(fact.bookedAt ?? to),
  };
}

function isOfOrder(
  { customerId, payAmount }: NonNullable<KeptStanding['order']>,
  taken: NonNullable<LedgerFact['taken']>,
): boolean {
  const { currency, value } = taken.amount;
  return customerId === taken.customerId && payAmount?.currency === currency && payAmount.value === value;
}

const STANDING: Readonly<Record<PaymentStatus, OurStanding>> = {
  AWAITING_CONFIRMATION: 'open',
  HELD: 'held',
  DEBITING: 'debiting',
  PAID: 'paid',
  FAILED: 'ended',
  DECLINED: 'ended',
  EXPIRED: 'ended',
  CANCELLED: 'ended',
};

/** A cancel of Alipay+ is for ever; one of an operator is an end like any other. */
function standingOf({ order, isCancelled }: KeptStanding): OurStanding {
  const standing = order === undefined ? 'unknown' : STANDING[order.status];
  const isOver = standing === 'unknown' || standing === 'ended';
  return isCancelled && isOver ? 'cancelled' : standing;
}
