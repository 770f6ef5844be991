import { Injectable } from '@nestjs/common';
import { DebitService } from '../../debit/debit.service.js';
import type { Caller } from '../../platform/auth/caller.js';
import { Database } from '../../platform/database/database.js';
import { EventLog } from '../../platform/logging/event-log.js';
import { refuse } from '../operations.problems.js';
import type { PaymentSnapshot } from '../snapshot/payment-snapshot.js';
import { PaymentSnapshots } from '../snapshot/payment-snapshots.js';
import { onClocks } from './clocks.js';
import { CodeRedaction } from './code-redaction.js';
import { paymentView } from './payment.view.js';
import { PAYMENTS_RAW } from './raw-scope.js';
import { timelineView, type TimelineEvent, type TimelineRow } from './timeline.view.js';
import * as sql from './timeline.sql.js';

/** Beyond any payment that is looked after; the newest are shown. */
const MOST_EVENTS = 1_000;
const MOST_ACTIONS = 100;

/** Everything known of one payment, as it was read; times are `Date`s. */
export interface PaymentLook {
  readonly snapshot: PaymentSnapshot;
  /** What operators did to it or asked for, newest first. */
  readonly acts: readonly Readonly<Record<string, unknown>>[];
  /** Oldest first. */
  readonly timeline: readonly TimelineEvent[];
  readonly timelineStartsLate: boolean;
}

/** Everything known of one payment, for a person. */
@Injectable()
export class PaymentViewService {
  constructor(
    private readonly database: Database,
    private readonly snapshots: PaymentSnapshots,
    private readonly debits: DebitService,
    private readonly log: EventLog,
  ) {}

  /** @param zone a name of IANA; every time is then told on that clock too */
  async read(caller: Caller, paymentId: string, zone?: string): Promise<Record<string, unknown>> {
    const { snapshot, acts, timeline, timelineStartsLate } = await this.look(caller, paymentId);
    const view = {
      ...paymentView(snapshot),
      zone,
      acts,
      timeline,
      ...(timelineStartsLate && { timelineStartsLate }),
    };
    return onClocks(view, zone);
  }

  /** @param isRepeated a page that is open already asks again by itself: it was written down who sees the messages */
  async look(caller: Caller, paymentId: string, isRepeated = false): Promise<PaymentLook> {
    await this.debits.settleSoon(paymentId, caller.requestId);
    const snapshot = await this.snapshots.find(paymentId);
    if (!snapshot) throw refuse('NOT_FOUND');
    const { name, requestId } = caller;
    const mayReadRaw = caller.scopes.has(PAYMENTS_RAW);
    const [timeline, acts] = await Promise.all([
      this.timeline(paymentId, snapshot.order.paymentRequestId, mayReadRaw),
      this.database.run<Record<string, unknown>>(sql.ACTIONS, [paymentId, MOST_ACTIONS]),
    ]);
    if (mayReadRaw && !isRepeated)
      this.log.event('operations.messages_shown', { requestId, paymentId, caller: name });
    return { snapshot, acts, ...timeline };
  }

  private async timeline(
    paymentId: string,
    paymentRequestId: string,
    mayReadRaw: boolean,
  ): Promise<Pick<PaymentLook, 'timeline' | 'timelineStartsLate'>> {
    const values = [paymentId, paymentRequestId, mayReadRaw, MOST_EVENTS + 1];
    const [rows, scans] = await Promise.all([
      this.database.run<TimelineRow>(sql.TIMELINE, values),
      mayReadRaw ? this.database.run<{ request_body: Buffer }>(sql.SCAN_REQUESTS, [paymentId]) : [],
    ]);
    const redaction = mayReadRaw ? new CodeRedaction(scans.map(({ request_body: body }) => body)) : undefined;
    const newest = rows.slice(0, MOST_EVENTS).toReversed();
    return {
      timeline: newest.map((row) => timelineView(row, redaction)),
      timelineStartsLate: rows.length > MOST_EVENTS,
    };
  }
}
