import { Module } from '@nestjs/common';
import { CancelStore } from './cancel/cancel.store.js';
import { InquiryStore } from './cancel/inquiry.store.js';
import { DebitAlarmStore } from './debit/debit-alarm.store.js';
import { DebitStore } from './debit/debit.store.js';
import { ReversalStore } from './debit/reversal.store.js';
import { EventResendStore } from './event/event-resend.store.js';
import { EventStore } from './event/event.store.js';
import { EvidenceStore } from './evidence/evidence.store.js';
import { NotificationStore } from './notification/notification.store.js';
import { RedeliveryStore } from './notification/redelivery.store.js';
import { ApprovalStore } from './operator/approval.store.js';
import { OperatorActStore } from './operator/operator-act.store.js';
import { PaymentNoteStore } from './operator/payment-note.store.js';
import { FrozenResult } from './order/frozen-result.js';
import { PaymentOrderStore } from './order/payment-order.store.js';
import { LostRecords } from './records/lost-records.js';
import { RecordAnchorStore } from './records/record-anchor.store.js';
import { RecordWatch } from './records/record-watch.js';
import { RetentionStore } from './records/retention.store.js';
import { RefundStore } from './refund/refund.store.js';
import { Arrivals } from './scan/arrivals.js';
import { DecodedOrderStore } from './scan/decoded-order.store.js';
import { ScanStore } from './scan/scan.store.js';
import { SweepStore } from './sweep/sweep.store.js';

const STORES = [
  ScanStore,
  DecodedOrderStore,
  PaymentOrderStore,
  DebitStore,
  DebitAlarmStore,
  ReversalStore,
  RefundStore,
  CancelStore,
  InquiryStore,
  EvidenceStore,
  EventStore,
  EventResendStore,
  NotificationStore,
  RedeliveryStore,
  OperatorActStore,
  ApprovalStore,
  PaymentNoteStore,
  SweepStore,
  Arrivals,
  RecordWatch,
  RecordAnchorStore,
  RetentionStore,
  LostRecords,
];

/** The core. It asks its surroundings for a `ResultMessageWriter`, which the application provides. */
@Module({ providers: [...STORES, FrozenResult], exports: STORES })
export class PaymentOrderModule {}
