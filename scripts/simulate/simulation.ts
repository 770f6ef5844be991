import { Looks } from './checks/looks.js';
import { checkRefundsAtRest } from './checks/refund-checks.js';
import { RestChecks } from './checks/rest-checks.js';
import { StepChecks } from './checks/step-checks.js';
import type { Connections } from './database/connections.js';
import { PastRecords } from './database/past-records.js';
import { History } from './engine/history.js';
import { Scheduler } from './engine/scheduler.js';
import { SeededRandom } from './engine/seeded-random.js';
import { installVirtualGlobals } from './engine/virtual-globals.js';
import { Violation } from './engine/violation.js';
import { drawFaults, heal } from './world/faults.js';
import { Partner } from './world/partner.js';
import { Payer, type Plan } from './world/payer.js';
import { drawPlans, type Plans } from './world/plans.js';
import { World, type Mistake } from './world/world.js';

export interface SimulationOptions {
  readonly seed: number;
  readonly scans: number;
  readonly mistake?: Mistake;
}

export interface Simulated {
  readonly seed: number;
  readonly history: History;
  /** The number of orders in the books of Alipay+, whatever their end. */
  readonly orders: number;
  readonly steps: number;
  readonly virtualMs: number;
  readonly kills: number;
  readonly violation?: Violation;
}

/** Faults end here; everything left has to end by itself from then on. */
const TROUBLE_ENDS_MS = 90_000;
/** The share of histories that lose commits during the faults, and the share of those that lose some again. */
const LOSS_CHANCE = 0.2;
const LOSS_AGAIN_CHANCE = 0.5;
const LOSS_SALT = 0x5bd1e995;
/** After the end of every notification, and of everything else. */
const NEVER_LATER_MS = 48 * 3_600_000;

/** Runs one history: the same seed on the same code gives the same one, line by line. */
export async function simulate(connections: Connections, options: SimulationOptions): Promise<Simulated> {
  await connections.clear();
  const scheduler = new Scheduler(new SeededRandom(options.seed), new History());
  const restore = installVirtualGlobals();
  try {
    return await new Simulation(connections, scheduler, options).run();
  } finally {
    restore();
  }
}

class Simulation {
  private readonly world: World;
  private readonly partner: Partner;
  private readonly checks: StepChecks;
  private kills = 0;
  private broken: unknown;

  constructor(
    connections: Connections,
    private readonly scheduler: Scheduler,
    private readonly options: SimulationOptions,
  ) {
    const faults = drawFaults(scheduler.random);
    this.world = new World(scheduler, connections, faults, new Looks(connections), options.mistake ?? {});
    this.partner = new Partner(this.world);
    this.checks = new StepChecks(connections, this.world.partner);
  }

  async run(): Promise<Simulated> {
    const { scheduler, world } = this;
    const { seed } = this.options;
    let violation: Violation | undefined;
    try {
      world.startFleet();
      this.castActors();
      await this.untilRest();
      // The history may come to rest before the faults end, and all calls from here on must be answered.
      if (!world.isHealed) this.heal();
      await new RestChecks(world).run(await this.inquireAll());
      await checkRefundsAtRest(world);
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      violation = error;
    }
    const { history, steps, nowMs } = scheduler;
    const orders = world.partner.orders.size;
    const figures = { orders, steps, virtualMs: nowMs, kills: this.kills };
    return { seed, history, ...figures, ...(violation ? { violation } : {}) };
  }

  private castActors(): void {
    const { world, partner } = this;
    const plans = drawPlans(world, this.options.scans);
    for (const plan of plans.payers) this.act(new Payer(world, plan).live());
    this.planLoss(plans);
    for (const { order, atMs } of plans.cancels) this.act(partner.cancel(order, atMs));
    for (const refund of plans.refunds) this.act(partner.refund(refund));
    for (const { order, timesMs } of plans.inquiries) {
      this.act(timesMs.reduce((before, atMs) => before.then(() => partner.inquire(order, atMs)), begun()));
    }
  }

  /** Drawn separately, so that a history without a loss is the same as if losses did not exist. */
  private planLoss({ payers, refunds }: Plans): void {
    const { scheduler, world } = this;
    const random = new SeededRandom(this.options.seed ^ LOSS_SALT);
    if (!random.chance(this.options.mistake?.lossChance ?? LOSS_CHANCE)) return;
    const past = new PastRecords(world.connections);
    const rememberedMs = random.between(2_000, 45_000);
    const lostMs = rememberedMs + random.between(1_000, 25_000);
    const lose = (fromMs: number, atMs: number, isLast: boolean): void => {
      scheduler.add({ atMs: fromMs, run: () => past.remember() });
      scheduler.add({ atMs, run: () => world.loseCommits(past, () => comeBack(isLast)) });
    };
    const comeBack = (isLast: boolean): void => {
      this.checks.forget();
      for (const plan of payers.filter(() => random.chance(0.6))) {
        const startsAtMs = scheduler.nowMs + random.between(0, 20_000);
        const again: Plan = { ...plan, does: 'confirm', startsAtMs, thinksMs: random.between(0, 3_000) };
        this.act(new Payer(world, again).live());
      }
      for (const refund of refunds.filter(() => random.chance(0.6)))
        this.act(this.partner.refundAgain(refund, scheduler.nowMs + random.between(0, 30_000)));
      if (isLast || !random.chance(LOSS_AGAIN_CHANCE)) return;
      const fromMs = scheduler.nowMs + random.between(500, 12_000);
      lose(fromMs, fromMs + random.between(1_000, 20_000), true);
    };
    lose(rememberedMs, lostMs, false);
  }

  private act(role: Promise<unknown>): void {
    this.world.actors += 1;
    role.then(
      () => (this.world.actors -= 1),
      (error: unknown) => (this.broken ??= error),
    );
  }

  private async untilRest(): Promise<void> {
    while (await this.scheduler.step(() => this.afterStep())) {
      if (this.scheduler.nowMs > NEVER_LATER_MS) throw new Violation(10, 'it does not come to rest');
    }
    if (this.broken !== undefined) throw this.broken;
  }

  private async afterStep(): Promise<void> {
    if (this.broken !== undefined) throw this.broken;
    if (this.world.lanes.takeChanged()) await this.checks.run();
    if (this.world.isHealed) return;
    if (this.scheduler.nowMs >= TROUBLE_ENDS_MS) this.heal();
    else this.makeTrouble();
  }

  private makeTrouble(): void {
    const { scheduler, world } = this;
    const { random } = scheduler;
    const { faults, fleet } = world;
    if (random.chance(faults.crash) && fleet.length > 0) {
      this.kills += 1;
      world.crash(random.pick(fleet));
    }
    if (random.chance(faults.pause) && fleet.length > 0) {
      const { process } = random.pick(fleet);
      process.pausedUntilMs = scheduler.nowMs + random.between(1_000, 40_000);
      scheduler.tell(process.name, `*** stands still until ${process.pausedUntilMs / 1_000}s`);
    }
    if (random.chance(faults.queueEmptied)) {
      world.queue.empty();
      scheduler.tell('queue', '*** is emptied');
    }
    if (random.chance(faults.queueAway)) {
      world.queue.awayUntilMs = scheduler.nowMs + random.between(2_000, 30_000);
      scheduler.tell('queue', `*** is away until ${world.queue.awayUntilMs / 1_000}s`);
    }
  }

  private heal(): void {
    this.world.isHealed = true;
    heal(this.world.faults);
    this.world.queue.awayUntilMs = 0;
    for (const { process } of this.world.fleet) process.pausedUntilMs = 0;
    this.scheduler.tell('world', '*** all trouble ends');
  }

  private async inquireAll() {
    const { scheduler, world, partner } = this;
    const answers = new Map<string, Awaited<ReturnType<Partner['inquire']>>>();
    for (const order of world.partner.orders.values()) {
      this.act(
        partner.inquire(order, scheduler.nowMs).then((answer) => answers.set(order.paymentRequestId, answer)),
      );
      await this.untilRest();
    }
    return answers;
  }
}

function begun(): Promise<unknown> {
  return Promise.resolve();
}
