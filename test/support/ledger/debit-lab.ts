import { DebitService } from '../../../src/debit/debit.service.js';
import { DebitWork } from '../../../src/debit/debit.work.js';
import { LostOrderService } from '../../../src/debit/lost-order.service.js';
import { RefundService } from '../../../src/debit/refund.service.js';
import { ReversalService } from '../../../src/debit/reversal.service.js';
import { LostRecords } from '../../../src/payment-order/records/lost-records.js';
import { RecordWatch } from '../../../src/payment-order/records/record-watch.js';
import { Arrivals } from '../../../src/payment-order/scan/arrivals.js';
import type { ConfirmedOrder } from '../../../src/payment-order/debit/debit.js';
import { loadSettings } from '../../../src/platform/config/load-settings.js';
import { Draining } from '../../../src/platform/http/draining.js';
import { HttpSettings } from '../../../src/platform/http/http.settings.js';
import { EventLog } from '../../../src/platform/logging/event-log.js';
import { Metrics } from '../../../src/platform/metrics/metrics.js';
import { postgresBackend } from '../../../src/platform/queues/postgres-backend.js';
import { WorkQueues } from '../../../src/platform/queues/work-queues.js';
import type { LedgerDebit } from '../../../src/wallet-ledger/wallet-ledger.js';
import { anOrder } from '../builders/an-order.js';
import { keptOrder, type KeptOrder } from '../builders/kept-order.js';
import { OpenedStores } from '../builders/opened-stores.js';
import { until } from '../service/until.js';
import { LOST, SmallLedger } from './small-ledger.js';

const log = new EventLog({ level: 'error' }, { write: () => undefined });

/** The debit step over real rows and queues, with a small ledger; no background work runs. */
export class DebitLab {
  static async open(): Promise<DebitLab> {
    return new DebitLab(await OpenedStores.open());
  }

  private readonly queues = new WorkQueues(postgresBackend(this.stores.url, 'bullmq', 4), log);
  readonly arrivals = new Arrivals(
    this.stores.scans,
    this.stores.orders,
    new Draining(loadSettings([HttpSettings], {}).get(HttpSettings)),
  );
  readonly records = new RecordWatch(this.stores.database, log);
  ledger = new SmallLedger();
  service = this.serviceOf(this.ledger);
  refunds = this.refundsOf(this.ledger);
  lost = this.lostOf(this.ledger);
  work = this.workOf(this.ledger);

  private constructor(readonly stores: OpenedStores) {}

  /** Another ledger, with empty books. */
  renew(): void {
    this.ledger = new SmallLedger();
    this.service = this.serviceOf(this.ledger);
    this.refunds = this.refundsOf(this.ledger);
    this.lost = this.lostOf(this.ledger);
    this.work = this.workOf(this.ledger);
  }

  /** The database goes back to before it knew any order. */
  async lose(): Promise<void> {
    await this.stores.sql('truncate scan, payment_order, unpaid_order cascade');
  }

  /** The database after a restore or a promotion; true when that was noticed. */
  async move(): Promise<boolean> {
    await this.stores.sql(`update record_watch set place = 'elsewhere', seen_at = db_now()`);
    return this.records.look();
  }

  /** As if the records had never been looked at. */
  async neverMoved(): Promise<void> {
    await this.stores.sql(`update record_watch set place = null, seen_at = null, ask_until = 'epoch'`);
  }

  async close(): Promise<void> {
    await this.queues.onApplicationShutdown();
    await this.stores.close();
  }

  kept({ order }: ConfirmedOrder): Promise<KeptOrder> {
    return keptOrder(this.stores, order.paymentId);
  }

  /** Does the background work on it, when the next call is due or the lease of a dead process is over. */
  async workOn(confirmed: ConfirmedOrder): Promise<KeptOrder> {
    await this.workOnDebit(confirmed.debit.debitId);
    return this.kept(confirmed);
  }

  async workOnDebit(debitId: string): Promise<void> {
    await this.stores.sql(
      'update debit set next_attempt_at = db_now(), lease_until = null where debit_id = $1',
      [debitId],
    );
    await this.work.run(debitId);
  }

  /** A debit that was sent to the ledger; neither the call nor its answer arrived. */
  async doubted(confirmed?: ConfirmedOrder): Promise<ConfirmedOrder> {
    const asked = confirmed ?? (await anOrder(this.stores).confirmed());
    this.ledger.before = async () => LOST;
    const { outcome } = await this.service.take(asked);
    if (outcome !== 'unsettled') throw new Error(outcome);
    this.ledger.before = async () => undefined;
    return asked;
  }

  /** A confirmed order whose time passes after `act`. */
  async outOfTime(act: (confirmed: ConfirmedOrder) => Promise<unknown>): Promise<ConfirmedOrder> {
    // A busy machine needs longer for an order and its confirm: as long as another one takes is left ten times.
    const began = performance.now();
    await anOrder(this.stores).confirmed();
    const expiresAt = new Date(Date.now() + 400 + 10 * (performance.now() - began));
    const confirmed = await anOrder(this.stores).expiringAt(expiresAt).confirmed();
    await act(confirmed);
    // Also by the clock carried on from the confirm, which is late by the time of the answer.
    const { clock } = confirmed.debit;
    const isOver = async () => (await this.stores.now()) > expiresAt && clock.hasPassed(expiresAt);
    await until('the time is over', isOver);
    return confirmed;
  }

  async jobIds(queue: string): Promise<string[]> {
    const rows = await this.stores.sql<{ id: string }>('select id from bullmq.job where queue = $1', [queue]);
    return rows.map(({ id }) => id);
  }

  private serviceOf(ledger: SmallLedger): DebitService {
    return new DebitService(ledger, this.stores.debits, this.queues, this.arrivals, log);
  }

  private workOf(ledger: SmallLedger): DebitWork {
    const reversals = new ReversalService(ledger, this.stores.reversals, this.queues, log);
    const { debits } = this.stores;
    return new DebitWork(debits, this.service, reversals, this.refundsOf(ledger), new Metrics());
  }

  private lostOf(ledger: SmallLedger): LostOrderService {
    return new LostOrderService(ledger, new LostRecords(this.stores.database));
  }

  private refundsOf(ledger: SmallLedger): RefundService {
    const debits = this.serviceOf(ledger);
    const { refunds } = this.stores;
    const lost = this.lostOf(ledger);
    return new RefundService(ledger, refunds, debits, lost, this.queues, log, new Metrics());
  }
}

/** The call to the ledger for an intent. */
export function ledgerDebitOf(
  { order, debit }: ConfirmedOrder,
  change: Partial<LedgerDebit> = {},
): LedgerDebit {
  const { debitId: key, customerId, amount, notAfter } = debit;
  const { paymentRequestId } = order;
  return { key, paymentRequestId, customerId, amount, notAfter, description: '', ...change };
}
