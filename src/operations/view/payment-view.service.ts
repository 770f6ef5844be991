import { Injectable } from '@nestjs/common';
import { DebitService } from '../../debit/debit.service.js';
import type { OperatorActionEntity } from '../../payment-order/operator/operator-action.entity.js';
import { PaymentNoteStore } from '../../payment-order/operator/payment-note.store.js';
import type { RowOf } from '../../platform/database/columns.js';
import type { Caller } from '../../platform/auth/caller.js';
import { Database } from '../../platform/database/database.js';
import { EventLog } from '../../platform/logging/event-log.js';
import { present } from '../../platform/present.js';
import { approvalView } from '../approvals/approval.dto.js';
import { Proposals } from '../approvals/proposals.js';
import { onClocks, type OnClocks } from '../clocks.js';
import { noteView, type NoteDto } from '../notes/note.dto.js';
import { refuse } from '../operations.problems.js';
import { PAYMENTS_RAW, seerOf } from '../operator.js';
import type { PaymentSnapshot } from '../snapshot/payment-snapshot.js';
import { PaymentSnapshots } from '../snapshot/payment-snapshots.js';
import { OpenedMessages } from './opened-messages.js';
import type { ActSeenDto, PaymentLookDto } from './operator-payment.dto.js';
import { paymentView, type PaymentLook } from './payment.view.js';
import { NOT_AUDITED, timelineView, type TimelineRow, type Withheld } from './timeline.view.js';
import * as sql from './timeline.sql.js';
import type { PaymentId } from '../../payment-order/order/ids.js';

/** More than any normal payment has; the newest are shown. */
const MOST_EVENTS = 1_000;
const MOST_ACTIONS = 100;

type ActRow = Pick<
  RowOf<OperatorActionEntity>,
  'at' | 'act' | 'outcome' | 'actor' | 'reason' | 'why' | 'before' | 'after'
>;

/** All that is known of one payment, for a person. */
@Injectable()
export class PaymentViewService {
  constructor(
    private readonly database: Database,
    private readonly snapshots: PaymentSnapshots,
    private readonly debits: DebitService,
    private readonly proposals: Proposals,
    private readonly notes: PaymentNoteStore,
    private readonly log: EventLog,
  ) {}

  /** @param zone an IANA time zone; every time is then also shown in it */
  async read(caller: Caller, paymentId: PaymentId, zone?: string): Promise<OnClocks<PaymentLookDto>> {
    return onClocks(paymentView(await this.look(caller, paymentId), zone), zone);
  }

  /** @param isRepeated a refresh of an open page; the log says so, but a view of messages is logged in any case */
  async look(caller: Caller, paymentId: PaymentId, isRepeated = false): Promise<PaymentLook> {
    await this.debits.settleSoon(paymentId, caller.origin);
    const snapshot = await this.snapshots.find(paymentId);
    if (!snapshot) throw refuse('NOT_FOUND');
    const withheld = this.withheldFrom(caller, paymentId, isRepeated);
    const notes = (await this.notes.ofPayment(paymentId)).map(noteView);
    const [timeline, acts, approvals] = await Promise.all([
      this.timeline(snapshot, notes, withheld),
      this.database.run<ActRow>(sql.ACTIONS, [paymentId, MOST_ACTIONS]),
      this.proposals.ofPayment(paymentId),
    ]);
    return {
      snapshot,
      acts: acts.map(present<ActSeenDto>),
      notes,
      approvals: approvals.map(approvalView),
      ...timeline,
    };
  }

  /** Why the messages are not shown; undefined when they are, which is in the log before they are read. */
  private withheldFrom(caller: Caller, paymentId: PaymentId, repeated: boolean): Withheld | undefined {
    if (!caller.scopes.has(PAYMENTS_RAW)) return PAYMENTS_RAW;
    const isAudited = this.log.audit('operations.messages_shown', { ...seerOf(caller), paymentId, repeated });
    return isAudited ? undefined : NOT_AUDITED;
  }

  private async timeline(
    { order: { paymentId, paymentRequestId } }: PaymentSnapshot,
    notes: readonly NoteDto[],
    withheld: Withheld | undefined,
  ): Promise<Pick<PaymentLook, 'timeline' | 'timelineStartsLate'>> {
    const values = [paymentId, paymentRequestId, withheld === undefined, MOST_EVENTS + 1];
    const [rows, scans] = await Promise.all([
      this.database.run<TimelineRow>(sql.TIMELINE, values),
      withheld === undefined ? this.database.run<{ code_hash: Buffer }>(sql.CODE_HASHES, [paymentId]) : [],
    ]);
    const newest = rows.slice(0, MOST_EVENTS).toReversed();
    const shown = withheld ?? new OpenedMessages(this.database.sealing, newest, scans);
    return {
      timeline: newest.map((row) => timelineView(row, notes, shown)),
      timelineStartsLate: rows.length > MOST_EVENTS,
    };
  }
}
