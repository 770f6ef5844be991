import { Injectable } from '@nestjs/common';
import type { ClaimedNotification } from '../payment-order/notification/notification.store.js';
import { AttemptRecorder } from './attempt.recorder.js';
import { CallSlots } from './call-slots.js';
import { HostLanes } from './host-lanes.js';
import { NotificationSender, type Sending } from './notification.sender.js';

export interface AttemptTerms {
  /** On the clock of `performance.now()`. */
  readonly beginBy: number;
  /** Aborted when this process stops: what has not been sent by then goes back at once. */
  readonly stop: AbortSignal;
  readonly onSlotFree: () => void;
}

/** One attempt to deliver a claimed notification: it waits for a slot, is sent, and its outcome is recorded. */
@Injectable()
export class NotificationAttempt {
  constructor(
    private readonly slots: CallSlots,
    private readonly lanes: HostLanes,
    private readonly sender: NotificationSender,
    private readonly recorder: AttemptRecorder,
  ) {}

  /** @returns how long until its next attempt, or undefined when none is set from here */
  async run(notification: ClaimedNotification, terms: AttemptTerms): Promise<number | undefined> {
    const sending = await this.send(notification, terms);
    return sending && (await this.recorder.record(notification, sending));
  }

  /** Its slot is free as soon as the answer is there; the next one is sent while the outcome is recorded. */
  private async send(
    notification: ClaimedNotification,
    { beginBy, stop, onSlotFree }: AttemptTerms,
  ): Promise<Sending | undefined> {
    const lane = this.lanes.of(notification.host);
    await this.slots.enter(lane, notification.isBacklog);
    try {
      // Too late to finish under its lease: another worker claims it when that is over.
      if (performance.now() > beginBy) return undefined;
      return stop.aborted ? { outcome: 'resting' } : await this.sender.send(notification);
    } finally {
      this.slots.leave(lane);
      onSlotFree();
    }
  }
}
