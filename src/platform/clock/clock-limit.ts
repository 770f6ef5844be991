import { Injectable } from '@nestjs/common';
import { EventLog } from '../logging/event-log.js';
import { ClockSettings } from './clock.settings.js';
import { PeerClocks } from './peer-clocks.js';

type Listener = (isBeyond: boolean) => void;

/**
 * Whether this process may take new work. Beyond the limit the times it signs are still corrected, but its log, its
 * checks of tokens and all else that uses its own clock are wrong, so other processes do the work. It finishes what it
 * has begun.
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

  /** Called now with the state, and at each change. */
  follow(listener: Listener): void {
    this.listeners.push(listener);
    listener(this.beyond);
  }

  /** Judged by the last readings; makes no call. */
  judge(): void {
    const beyond = this.clocks.isBeyond(this.settings.limitMs);
    if (beyond === this.beyond) return;
    this.beyond = beyond;
    const offsetsMs = [...this.clocks.offsets()].map(([peer, ms]) => `${peer} ${ms}`).join(', ');
    const { limitMs } = this.settings;
    if (beyond) {
      this.log.warn('clock.takes_no_work', { offsetsMs, limitMs, alarm: true });
      this.log.lasts('clock.takes_no_work');
    } else {
      this.log.event('clock.takes_work', { offsetsMs });
      this.log.ends('clock.takes_no_work');
    }
    for (const listener of this.listeners) listener(beyond);
  }
}
