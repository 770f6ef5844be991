import { Injectable } from '@nestjs/common';
import { EventLog } from '../platform/logging/event-log.js';
import { HostLane } from './host-lane.js';
import { NotifyFigures } from './notify-figures.js';
import { NotifyPolicy } from './notify-policy.js';

/** Hosts come from signed answers and the allow-list, so they are few; a list with `*.` may still let many in. */
const MOST_LANES = 500;

/** One lane per host, for this process. */
@Injectable()
export class HostLanes {
  private readonly lanes = new Map<string, HostLane>();

  constructor(
    private readonly policy: NotifyPolicy,
    private readonly figures: NotifyFigures,
    private readonly log: EventLog,
  ) {}

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

  private dropIdle(): void {
    for (const [host, lane] of this.lanes) if (lane.isIdle) this.lanes.delete(host);
  }
}
