import { Injectable } from '@nestjs/common';
import { EventLog } from '../logging/event-log.js';
import { ClockSettings } from './clock.settings.js';
import { PeerClocks } from './peer-clocks.js';

type Listener = (isBeyond: boolean) => void;

/**
 * Whether this process may take new work. Beyond the limit what it signs is still corrected, but its log, its tokens and
 * whatever else goes by its own clock are not to be relied on, so others do the work. What it has in hand it finishes.
 */
@Injectable()
export class ClockLimit {
  private beyond = false;
  private readonly listeners: Listener[] = [];

  constructor(
    private readonly clocks: PeerClocks,
    private readonly settings: ClockSettings,
    private readonly log: EventLog,
  ) {}

  get isBeyond(): boolean {
    return this.beyond;
  }

  /** Told now how it is, and from then on of each change. */
  follow(listener: Listener): void {
    this.listeners.push(listener);
    listener(this.beyond);
  }

  /** By what the peers have told so far; asks nobody. */
  judge(): void {
    const beyond = this.clocks.isBeyond(this.settings.limitMs);
    if (beyond === this.beyond) return;
    this.beyond = beyond;
    const offsetsMs = [...this.clocks.offsets()].map(([peer, ms]) => `${peer} ${ms}`).join(', ');
    const { limitMs } = this.settings;
    if (beyond) this.log.warn('clock.takes_no_work', { offsetsMs, limitMs, alarm: true });
    else this.log.event('clock.takes_work', { offsetsMs });
    for (const listener of this.listeners) listener(beyond);
  }
}
