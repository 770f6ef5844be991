import { judgeAnswer } from '../../../src/alipay-plus/calls/judge-answer.js';
import type { WalletLedger } from '../../../src/wallet-ledger/wallet-ledger.js';
import type { Looks } from '../checks/looks.js';
import type { Connections } from '../database/connections.js';
import type { PastRecords } from '../database/past-records.js';
import { SimDatabase } from '../database/sim-database.js';
import { StatementLanes, type Rewrites } from '../database/statement-lanes.js';
import type { Scheduler } from '../engine/scheduler.js';
import { SimProcess, type SimRole } from '../engine/sim-process.js';
import { EPOCH_MS, liveBy } from '../engine/virtual-globals.js';
import { AlipayPlusBooks } from './alipay-plus-books.js';
import { composeService, type Edges, type Replacement, type ServiceParts } from './composition.js';
import type { Faults } from './faults.js';
import { LedgerBooks } from './ledger-books.js';
import { Network } from './network.js';
import { PartnerRefunds } from './partner-refunds.js';
import { SimAlipayPlus, type Judge } from './sim-alipay-plus.js';
import { SimLedger } from './sim-ledger.js';
import { QueueServer, SimQueueBackend } from './sim-queue.js';

/** A known mistake, injected where the simulated service is composed. */
export interface Mistake {
  /** Changes the simulated database. */
  readonly schema?: string;
  readonly rewrites?: Rewrites;
  readonly judge?: Judge;
  readonly ledger?: (ledger: WalletLedger) => WalletLedger;
  readonly client?: (client: SimAlipayPlus) => Edges['alipayPlus'];
  readonly replacements?: readonly Replacement[];
  readonly withoutSweeper?: boolean;
  /** Replaces the usual share of histories that lose commits. */
  readonly lossChance?: number;
  readonly isJobIdReused?: boolean;
}

export interface RunningProcess {
  readonly process: SimProcess;
  readonly parts: ServiceParts;
}

const FLEET: readonly (readonly [string, SimRole])[] = [
  ['api-1', 'api'],
  ['api-2', 'api'],
  ['worker-1', 'worker'],
  ['worker-2', 'worker'],
];

/** The whole world: the fleet, the edges with their own books, and the real database under it. */
export class World {
  readonly partner: AlipayPlusBooks;
  readonly refunds: PartnerRefunds;
  readonly ledger: LedgerBooks;
  readonly queue: QueueServer;
  readonly lanes: StatementLanes;
  private readonly network: Network;
  /** Payers and callers that are still active. */
  actors = 0;
  /** All trouble is over. */
  isHealed = false;
  /** How often commits were lost. */
  losses = 0;
  private isLosing = false;
  private running: RunningProcess[] = [];

  constructor(
    readonly scheduler: Scheduler,
    readonly connections: Connections,
    readonly faults: Faults,
    readonly looks: Looks,
    readonly mistake: Mistake,
  ) {
    this.partner = new AlipayPlusBooks(scheduler.random);
    this.refunds = new PartnerRefunds(scheduler);
    this.ledger = new LedgerBooks(
      () => scheduler.nowMs,
      (ms) => new Date(EPOCH_MS + ms),
      (entry) => looks.debited(entry, this),
      (refund) => looks.refundExceeds(refund, this),
      (refund) => looks.refunded(refund),
    );
    this.queue = new QueueServer(scheduler, faults, mistake.isJobIdReused);
    this.network = new Network(scheduler, faults);
    this.lanes = new StatementLanes(scheduler, connections, faults, mistake.rewrites ?? {});
  }

  startFleet(): void {
    for (const [name, role] of FLEET) this.start(name, role);
  }

  alive(role: SimRole): readonly RunningProcess[] {
    return this.running.filter(({ process }) => process.alive && process.role === role);
  }

  get fleet(): readonly RunningProcess[] {
    return this.running;
  }

  /** Ends a life: nothing of it goes on, except messages already sent. Another one begins some time later. */
  crash({ process }: RunningProcess): void {
    process.alive = false;
    this.scheduler.removeWhere(({ owner }) => owner === process);
    this.lanes.abandon(process);
    this.running = this.running.filter((one) => one.process !== process);
    this.scheduler.tell(process.name, '*** is killed');
    const atMs = this.scheduler.nowMs + this.scheduler.random.between(200, 15_000);
    this.startAt(atMs, process);
  }

  /**
   * Every process dies, and the database goes back to an earlier moment; Alipay+, the ledger and the messages to them
   * stay as they are.
   */
  loseCommits(past: PastRecords, afterwards: () => void): void {
    this.isLosing = true;
    for (const one of this.running) this.crash(one);
    this.scheduler.add({
      mayRun: () => this.lanes.isQuiet,
      run: async () => {
        const owners = await this.looks.owners();
        await past.goBack();
        this.isLosing = false;
        this.losses += 1;
        this.partner.commitsAreLost(owners);
        this.lanes.noteChanged();
        this.scheduler.tell('database', '*** loses commits: it is what it was before');
        afterwards();
      },
    });
  }

  private startAt(atMs: number, { name, role }: Pick<SimProcess, 'name' | 'role'>): void {
    this.scheduler.add({ atMs, mayRun: () => !this.isLosing, run: () => this.start(name, role) });
  }

  private start(name: string, role: SimRole): void {
    const { scheduler, faults } = this;
    const skewMs = scheduler.random.between(-300_000, 300_000);
    const process = new SimProcess(name, role, skewMs);
    liveBy(scheduler, process);
    const database = new SimDatabase(this.lanes, process);
    const leaves = {
      debit: (key: string): Promise<void> => this.looks.debitLeaves(key),
      refund: (key: string): Promise<void> => this.looks.refundLeaves(key),
    };
    const ledger = new SimLedger(process, this.network, this.ledger, scheduler, faults, leaves);
    const judge = this.mistake.judge ?? judgeAnswer;
    const { partner, network } = this;
    const client = new SimAlipayPlus(process, network, partner, scheduler, faults, this.looks, judge);
    const edges: Edges = {
      database,
      backend: new SimQueueBackend(process, this.queue, scheduler),
      alipayPlus: this.mistake.client?.(client) ?? client,
      ledger: this.mistake.ledger?.(ledger) ?? ledger,
    };
    const parts = process.enter(() => composeService(edges, this.mistake.replacements));
    scheduler.tell(name, `*** starts, its clock ${skewMs} ms off`);
    if (this.losses === 0) return this.open({ process, parts });
    // As at every real start: it answers only after this.
    const looked = process.enter(() => parts.records.look());
    looked.then(
      () => scheduler.add({ owner: process, run: () => this.open({ process, parts }) }),
      () => this.startAt(scheduler.nowMs + 1_000, process),
    );
  }

  private open({ process, parts }: RunningProcess): void {
    const { scheduler } = this;
    this.running.push({ process, parts });
    if (process.role !== 'worker') return;
    process.enter(() => parts.steps.all().forEach((work) => parts.queues.start(work)));
    if (this.mistake.withoutSweeper !== true) this.sweepAt(process, parts, scheduler.nowMs + 1_000);
  }

  private sweepAt(owner: SimProcess, parts: ServiceParts, atMs: number): void {
    const again = async (): Promise<void> => {
      const nextMs = await this.nextSweepMs();
      if (nextMs !== undefined) this.sweepAt(owner, parts, nextMs);
    };
    const run = (): void => {
      const over = (): unknown => this.scheduler.add({ owner, run: again });
      void owner.enter(() => parts.sweeper.sweepOnce()).then(over, over);
    };
    this.scheduler.add({ owner, atMs, label: 'sweeps', run });
  }

  /**
   * Every few seconds while there is trouble, less often while only actors have to end; then when the next row is due,
   * and never again when none is.
   */
  private async nextSweepMs(): Promise<number | undefined> {
    const { scheduler } = this;
    const [least, most] = this.isHealed ? [10_000, 25_000] : [2_000, 5_000];
    if (this.actors > 0) return scheduler.nowMs + scheduler.random.between(least, most);
    const dueMs = await this.looks.earliestDueMs();
    return dueMs === undefined ? undefined : Math.max(scheduler.nowMs + 1_000, dueMs + 2_500);
  }
}
