import { DeliveryLane, usualRoom, type LaneLimits, type Room } from './delivery-lane.js';

/** What lanes are made from, and what they report to. */
export interface LaneRules {
  readonly limits: LaneLimits;
  /** Whether an answer says that the host is unwell, or not who it should be. */
  isFailure(answer: unknown): boolean;
  onResting(lane: string): void;
  onAnswering(lane: string): void;
  /** It was paused, and nothing was left to send there: whether it answers is unknown. */
  onForgotten(lane: string): void;
}

/** Names of lanes come from settings and signed answers, so they are few; a list with `*.` may still let many in. */
const MOST_LANES = 500;

/** One lane per host or endpoint, for this process. */
export class DeliveryLanes {
  private readonly lanes = new Map<string, DeliveryLane>();
  readonly usualRoom: Room;

  constructor(private readonly rules: LaneRules) {
    this.usualRoom = usualRoom(rules.limits);
  }

  of(name: string): DeliveryLane {
    const known = this.lanes.get(name);
    if (known) return known;
    if (this.lanes.size >= MOST_LANES) this.dropIdle();
    const { limits } = this.rules;
    const events = {
      onOpen: () => this.rules.onResting(name),
      onClosed: () => this.rules.onAnswering(name),
    };
    const lane = new DeliveryLane(limits, events, (answer) => this.rules.isFailure(answer));
    this.lanes.set(name, lane);
    return lane;
  }

  /** The room of every lane that has less than the usual. */
  rooms(): ReadonlyMap<string, Room> {
    this.forget();
    const used = [...this.lanes].filter(([, lane]) => !lane.isIdle);
    return new Map(used.map(([name, { room }]) => [name, room]));
  }

  /** When the first paused host is tested again; undefined when none is paused. */
  soonestRestMs(): number | undefined {
    const rests = [...this.lanes.values()].flatMap(({ restMs }) => (restMs ? [restMs] : []));
    return rests.length === 0 ? undefined : Math.min(...rests);
  }

  private forget(): void {
    for (const [name, lane] of this.lanes) {
      if (!lane.isForgotten) continue;
      this.lanes.delete(name);
      this.rules.onForgotten(name);
    }
  }

  private dropIdle(): void {
    for (const [name, lane] of this.lanes) if (lane.isIdle) this.lanes.delete(name);
  }
}
