import { CancelRequestEntity } from './cancel/cancel-request.entity.js';
import { DebitAlarmEntity, DebitEntity } from './debit/debit.entities.js';
import {
  EventDeliveryEntity,
  EventEndpointEntity,
  EventResendEntity,
  WalletEventEntity,
} from './event/event.entities.js';
import { InboundExchangeEntity } from './evidence/inbound-exchange.entity.js';
import {
  NotificationAlarmEntity,
  NotificationAttemptEntity,
  NotificationEntity,
} from './notification/notification.entities.js';
import { ApprovalEntity } from './operator/approval.entity.js';
import { OperatorActionEntity } from './operator/operator-action.entity.js';
import { PaymentNoteEntity } from './operator/payment-note.entity.js';
import { PaymentHistoryEntity } from './order/payment-history.entity.js';
import { PaymentOrderEntity } from './order/payment-order.entity.js';
import { UnpaidOrderEntity } from './order/unpaid-order.entity.js';
import { CustomerErasureEntity } from './records/customer-erasure.entity.js';
import { RecordAnchorEntity } from './records/record-anchor.entity.js';
import { RecordWatchEntity } from './records/record-watch.entity.js';
import { RepairedDebitEntity } from './records/repaired-debit.entity.js';
import { RefundEntity } from './refund/refund.entity.js';
import {
  DecodeBudgetEntity,
  DecodeExchangeEntity,
  DecodePauseEntity,
  ScanEntity,
} from './scan/scan.entities.js';
import { SweepRestEntity } from './sweep/sweep-rest.entity.js';

/** Every table of the core, for the data source and for the check of migrations against entities. */
export const PAYMENT_ORDER_ENTITIES = [
  PaymentOrderEntity,
  UnpaidOrderEntity,
  PaymentHistoryEntity,
  ScanEntity,
  DecodeExchangeEntity,
  DecodePauseEntity,
  DecodeBudgetEntity,
  DebitEntity,
  DebitAlarmEntity,
  RefundEntity,
  NotificationEntity,
  NotificationAttemptEntity,
  NotificationAlarmEntity,
  CancelRequestEntity,
  InboundExchangeEntity,
  OperatorActionEntity,
  ApprovalEntity,
  PaymentNoteEntity,
  SweepRestEntity,
  RecordWatchEntity,
  RecordAnchorEntity,
  RepairedDebitEntity,
  CustomerErasureEntity,
  EventEndpointEntity,
  WalletEventEntity,
  EventDeliveryEntity,
  EventResendEntity,
];
