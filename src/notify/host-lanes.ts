import { Injectable } from '@nestjs/common';
import type { Room } from '../payment-order/notification/notification.store.js';
import { EventLog } from '../platform/logging/event-log.js';
import { HostLane, usualRoom } from './host-lane.js';
import { NotifyFigures } from './notify-figures.js';
import { NotifyPolicy } from './notify-policy.js';

/** Hosts come from signed answers and the allow-list, so they are few; a list with `*.` may still let many in. */
const MOST_LANES = 500;

/** One lane per host, for this process. */
@Injectable()
export class HostLanes {
  private readonly lanes = new Map<string, HostLane>();
  readonly usualRoom: Room;

  constructor(
    private readonly policy: NotifyPolicy,
    private readonly figures: NotifyFigures,
    private readonly log: EventLog,
  ) {
    this.usualRoom = usualRoom(policy.lane);
  }

  of(host: string): HostLane {
    const known = this.lanes.get(host);
    if (known) return known;
    if (this.lanes.size >= MOST_LANES) this.dropIdle();
    const lane = new HostLane(this.policy.lane, {
      onOpen: () => {
        this.figures.hostResting(host, true);
        this.log.error('notification.host_resting', { host, openMs: this.policy.lane.openMs, alarm: true });
      },
      onClosed: () => {
        this.figures.hostResting(host, false);
        this.log.event('notification.host_answers', { host });
      },
    });
    this.lanes.set(host, lane);
    return lane;
  }

  /** The room of every host that has less than the usual. */
  rooms(): ReadonlyMap<string, Room> {
    const used = [...this.lanes].filter(([, lane]) => !lane.isIdle);
    return new Map(used.map(([host, { room }]) => [host, room]));
  }

  /** When the first host that is left alone is tried again; undefined when none is. */
  soonestRestMs(): number | undefined {
    const rests = [...this.lanes.values()].flatMap(({ restMs }) => (restMs ? [restMs] : []));
    return rests.length === 0 ? undefined : Math.min(...rests);
  }

  private dropIdle(): void {
    for (const [host, lane] of this.lanes) if (lane.isIdle) this.lanes.delete(host);
  }
}
