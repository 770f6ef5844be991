import { Injectable } from '@nestjs/common';
import { RecordWatch } from '../payment-order/records/record-watch.js';
import { DecodeBacklog } from './decode-backlog.js';
import { Expiry } from './expiry.js';
import { MinuteSweeps } from './minute-sweeps.js';
import { RecordAnchors } from './record-anchors.js';
import type { SweepKind } from './steps.js';
import { SweepSettings } from './sweep.settings.js';
import { Wakers } from './wakers.js';

export interface Sweep {
  readonly kind: SweepKind | 'forget' | 'alarm' | 'records' | 'anchor';
  /** One query; returns how many rows were found. */
  readonly run: () => Promise<number>;
  /** Whether more is waiting than one query may claim. */
  readonly isBehind?: () => boolean;
}

/** Everything that a sweeper looks for, each with the part that does it. */
@Injectable()
export class SweepPlan {
  readonly sweeps: readonly Sweep[];

  constructor(
    wakers: Wakers,
    backlog: DecodeBacklog,
    expiry: Expiry,
    minute: MinuteSweeps,
    records: RecordWatch,
    anchors: RecordAnchors,
    settings: SweepSettings,
  ) {
    const { graceMs } = settings;
    this.sweeps = [
      { kind: 'records', run: async () => ((await records.look()) ? 1 : 0) },
      { kind: 'debit', run: () => wakers.wakeMoney('debit') },
      { kind: 'refund', run: () => wakers.wakeMoney('refund') },
      { kind: 'decode', run: () => backlog.decodeDue(graceMs), isBehind: () => backlog.isBehind },
      { kind: 'give_up', run: () => backlog.endOverdue(graceMs) },
      { kind: 'notify', run: () => wakers.notifyDue() },
      { kind: 'events', run: () => wakers.eventsDue() },
      { kind: 'expiry', run: () => expiry.closeExpired() },
      { kind: 'cancel', run: () => expiry.finishCancels(graceMs) },
      { kind: 'alarm', run: () => minute.raiseAlarms() },
      { kind: 'forget', run: () => minute.forget() },
      { kind: 'anchor', run: () => anchors.anchor() },
    ];
  }
}
