import 'reflect-metadata';
import type { Abstract, Type } from '@nestjs/common';
import { AlipayPlusClient } from '../../../src/alipay-plus/calls/alipay-plus.client.js';
import { writeNotifyPayment } from '../../../src/alipay-plus/messages/notify-payment.js';
import { DebitModule } from '../../../src/debit/debit.module.js';
import { DecodeModule } from '../../../src/decode/decode.module.js';
import { EventViews } from '../../../src/events/event-views.js';
import { EventsModule } from '../../../src/events/events.module.js';
import { InboundRefunds } from '../../../src/inbound/inbound.refunds.js';
import { InboundService } from '../../../src/inbound/inbound.service.js';
import { NotifyModule } from '../../../src/notify/notify.module.js';
import { RecordWatch } from '../../../src/payment-order/records/record-watch.js';
import { PaymentOrderModule } from '../../../src/payment-order/payment-order.module.js';
import { ResultMessageWriter } from '../../../src/payment-order/order/payment-result.js';
import { PAYMENT_EVENT_VIEWS } from '../../../src/payments/payment-events.js';
import { PaymentsModule } from '../../../src/payments/payments.module.js';
import { PaymentsService } from '../../../src/payments/payment/payments.service.js';
import { ScansService } from '../../../src/payments/scans/scans.service.js';
import { ClockLimit } from '../../../src/platform/clock/clock-limit.js';
import { ClockSettings } from '../../../src/platform/clock/clock.settings.js';
import { PeerClocks } from '../../../src/platform/clock/peer-clocks.js';
import { loadSettings } from '../../../src/platform/config/load-settings.js';
import { Database } from '../../../src/platform/database/database.js';
import { EventLog } from '../../../src/platform/logging/event-log.js';
import type { QueueBackend } from '../../../src/platform/queues/queue-backend.js';
import { WorkQueues } from '../../../src/platform/queues/work-queues.js';
import { SETTINGS } from '../../../src/settings.js';
import { Steps } from '../../../src/sweep/steps.js';
import { SweepModule } from '../../../src/sweep/sweep.module.js';
import { SweeperService } from '../../../src/sweep/sweeper.service.js';
import { WalletLedger } from '../../../src/wallet-ledger/wallet-ledger.js';
import { ServiceContainer } from './service-container.js';

/** The edges of the world, as one simulated process sees them. */
export interface Edges {
  readonly database: Database;
  readonly backend: QueueBackend;
  readonly alipayPlus: Pick<AlipayPlusClient, 'userInitiatedPay' | 'notifyPayment'>;
  readonly ledger: WalletLedger;
}

/** The doors and the background work of one process. */
export interface ServiceParts {
  readonly scans: ScansService;
  readonly payments: PaymentsService;
  readonly inbound: InboundService;
  readonly refunds: InboundRefunds;
  readonly queues: WorkQueues;
  readonly steps: Steps;
  readonly sweeper: SweeperService;
  readonly records: RecordWatch;
}

/** A class that replaces one of the service, built in the same container: this injects a mistake. */
export type Replacement = readonly [
  token: Type | Abstract<unknown>,
  make: (container: ServiceContainer) => unknown,
];

const MODULES = [
  PaymentOrderModule,
  DecodeModule,
  DebitModule,
  NotifyModule,
  EventsModule,
  SweepModule,
  PaymentsModule,
];

const settings = loadSettings(SETTINGS, {
  DECODE_WINDOW_MS: '30000',
  ALIPAYPLUS_NOTIFY_HOSTS: 'partner.example',
  // A day of failed attempts is not worth more steps than all the rest.
  NOTIFY_SCHEDULE_MS: '2000,5000,15000,60000,600000,7200000',
  // No guarantee depends on them, and their stores would be cleaned for ever.
  LIMIT_TOKEN_PER_MINUTE: '0',
  LIMIT_CUSTOMER_PER_MINUTE: '0',
  LIMIT_ADDRESS_PER_MINUTE: '0',
  LIMIT_FAILED_SIGN_INS_PER_MINUTE: '0',
});

/** Composes the service from its own modules, on the edges of the simulated world. */
export function composeService(edges: Edges, replacements: readonly Replacement[] = []): ServiceParts {
  const container = new ServiceContainer();
  for (const [section, instance] of settings.entries()) container.provide(section, instance);
  for (const module of MODULES) container.addModule(module);
  const log = new EventLog({ level: 'silent' }, { write: () => undefined });
  const queues = new WorkQueues(edges.backend, log);
  container.provide(EventLog, log);
  container.provide(Database, edges.database);
  container.provide(WorkQueues, queues);
  // Wrong clocks are part of the world, and stop no process from working.
  container.provide(ClockLimit, new ClockLimit(new PeerClocks(log), settings.get(ClockSettings), log));
  // The service uses two methods of the client and nothing else of it.
  container.provide(AlipayPlusClient, edges.alipayPlus);
  container.provide(WalletLedger, edges.ledger);
  container.provide(EventViews, PAYMENT_EVENT_VIEWS);
  container.provide(ResultMessageWriter, { write: writeNotifyPayment });
  for (const [token, make] of replacements) container.provideBy(token, () => make(container));
  return {
    scans: container.get(ScansService),
    payments: container.get(PaymentsService),
    inbound: container.get(InboundService),
    refunds: container.get(InboundRefunds),
    queues,
    steps: container.get(Steps),
    sweeper: container.get(SweeperService),
    records: container.get(RecordWatch),
  };
}
