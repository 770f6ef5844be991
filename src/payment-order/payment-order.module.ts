import { Module } from '@nestjs/common';
import { Arrivals } from './arrivals.js';
import { CancelStore } from './cancel.store.js';
import { DebitAlarmStore } from './debit-alarm.store.js';
import { DebitStore } from './debit.store.js';
import { DecodedOrderStore } from './decoded-order.store.js';
import { EvidenceStore } from './evidence.store.js';
import { FrozenResult } from './frozen-result.js';
import { InboundStore } from './inbound.store.js';
import { NotificationStore } from './notification.store.js';
import { OperatorActStore } from './operator-act.store.js';
import { PaymentOrderStore } from './payment-order.store.js';
import { RedeliveryStore } from './redelivery.store.js';
import { ReversalStore } from './reversal.store.js';
import { ScanStore } from './scan.store.js';
import { SweepStore } from './sweep.store.js';

const STORES = [
  ScanStore,
  DecodedOrderStore,
  PaymentOrderStore,
  DebitStore,
  DebitAlarmStore,
  ReversalStore,
  CancelStore,
  EvidenceStore,
  InboundStore,
  NotificationStore,
  RedeliveryStore,
  OperatorActStore,
  SweepStore,
  Arrivals,
];

/** The core. It asks its surroundings for a `ResultMessageWriter`, which the application provides. */
@Module({ providers: [...STORES, FrozenResult], exports: STORES })
export class PaymentOrderModule {}
