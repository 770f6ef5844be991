import { Injectable } from '@nestjs/common';
import { WORK, type WorkName } from '../../payment-order/order/work.js';
import type { Caller } from '../../platform/auth/caller.js';
import { EventLog } from '../../platform/logging/event-log.js';
import { QueuePauses } from '../../platform/queues/queue-pauses.js';
import { seerOf } from '../operator.js';

/** What a pause of each queue means, to be known before it. */
const MEANS: Readonly<Record<WorkName, string>> = {
  decode:
    'Codes that Alipay+ answered with unknown are not asked for again, and are given up at their deadline. New scans are asked for once, at once.',
  debit:
    'The ledger is not asked for money in doubt, and nothing is given back: it stays in doubt, and its alarms come as ever. Payers can still confirm.',
  notify:
    'Alipay+ is sent no results. They are parked, with an alarm, when their time is over; until then nothing is lost, and Alipay+ may ask.',
  events:
    "The wallet's back end gets no events. Events are still written with each change, and parked, with an alarm, when their time is over.",
};

export interface QueueState {
  readonly queue: WorkName;
  readonly status: 'running' | 'paused';
  readonly means: string;
  readonly since?: string;
  readonly by?: string;
  readonly reason?: string;
}

/** Pauses and resumes the queues for all processes, over HTTP and in the console. */
@Injectable()
export class PausesService {
  constructor(
    private readonly pauses: QueuePauses,
    private readonly log: EventLog,
  ) {}

  all(): readonly QueueState[] {
    return Object.values(WORK).map((queue) => this.state(queue));
  }

  async turn(
    caller: Caller,
    queue: WorkName,
    turn: 'pause' | 'resume',
    reason: string,
  ): Promise<QueueState & { readonly changed: boolean }> {
    const { origin, ...by } = seerOf(caller);
    const changed = await this.pauses[turn]({ ...by, queue, reason });
    this.log.event('operator.turned_queue', { origin, queue, turn, changed, actor: by.actor, reason });
    return { ...this.state(queue), changed };
  }

  private state(queue: WorkName): QueueState {
    const pause = this.pauses.all().find((one) => one.queue === queue);
    const means = MEANS[queue];
    if (!pause) return { queue, status: 'running', means };
    const { since, by, reason } = pause;
    return { queue, status: 'paused', means, since: since.toISOString(), by, reason };
  }
}
