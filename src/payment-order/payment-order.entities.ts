import { CancelRequestEntity } from './entities/cancel-request.entity.js';
import { DebitAlarmEntity } from './entities/debit-alarm.entity.js';
import { DebitEntity } from './entities/debit.entity.js';
import { DecodeBudgetEntity } from './entities/decode-budget.entity.js';
import { DecodeExchangeEntity } from './entities/decode-exchange.entity.js';
import { DecodePauseEntity } from './entities/decode-pause.entity.js';
import { InboundExchangeEntity } from './entities/inbound-exchange.entity.js';
import { NotificationAlarmEntity } from './entities/notification-alarm.entity.js';
import { NotificationAttemptEntity } from './entities/notification-attempt.entity.js';
import { NotificationEntity } from './entities/notification.entity.js';
import { OperatorActionEntity } from './entities/operator-action.entity.js';
import { PaymentHistoryEntity } from './entities/payment-history.entity.js';
import { PaymentOrderEntity } from './entities/payment-order.entity.js';
import { ScanEntity } from './entities/scan.entity.js';
import { SweepRestEntity } from './entities/sweep-rest.entity.js';

/** Every table of the core, for the data source and for the check of migrations against entities. */
export const PAYMENT_ORDER_ENTITIES = [
  PaymentOrderEntity,
  PaymentHistoryEntity,
  ScanEntity,
  DecodeExchangeEntity,
  DecodePauseEntity,
  DecodeBudgetEntity,
  DebitEntity,
  DebitAlarmEntity,
  NotificationEntity,
  NotificationAttemptEntity,
  NotificationAlarmEntity,
  CancelRequestEntity,
  InboundExchangeEntity,
  OperatorActionEntity,
  SweepRestEntity,
];
