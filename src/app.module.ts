import { Global, Module, type DynamicModule, type Type } from '@nestjs/common';
import { AlipayPlusModule } from './alipay-plus/alipay-plus.module.js';
import { AlipayPlusSettings } from './alipay-plus/alipay-plus.settings.js';
import { writeNotifyPayment } from './alipay-plus/messages/notify-payment.js';
import { DebitModule } from './debit/debit.module.js';
import { DecodeModule } from './decode/decode.module.js';
import { EventViews } from './events/event-views.js';
import { EventsModule } from './events/events.module.js';
import { InboundModule } from './inbound/inbound.module.js';
import { NotifyModule } from './notify/notify.module.js';
import { ConsoleModule } from './operations/console/console.module.js';
import { ConsoleSettings } from './operations/console/console.settings.js';
import { OperationsModule } from './operations/operations.module.js';
import { MoneyFigures } from './payment-order/doubt/money-figures.js';
import { PAYMENT_ORDER_ENTITIES } from './payment-order/payment-order.entities.js';
import { PaymentOrderModule } from './payment-order/payment-order.module.js';
import { ResultMessageWriter } from './payment-order/order/payment-result.js';
import { PAYMENT_EVENT_VIEWS } from './payments/payment-events.js';
import { PaymentsModule } from './payments/payments.module.js';
import { AuthModule } from './platform/auth/auth.module.js';
import { ClockModule } from './platform/clock/clock.module.js';
import { ACCESS_ENTITIES } from './platform/auth/issued-keys.entities.js';
import { IssuedKeysModule } from './platform/auth/issued-keys.module.js';
import { ControlModule } from './platform/control/control.module.js';
import { CONTROL_ENTITIES } from './platform/control/service-switch.entities.js';
import type { LoadedSettings } from './platform/config/load-settings.js';
import { RuntimeSettings, type Role } from './platform/config/runtime.settings.js';
import { DATA_KEY_ENTITIES } from './platform/database/data-keys.entities.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { HEALTH_MEANINGS } from './health-meanings.js';
import { HealthMeanings } from './platform/health/health-probes.js';
import { HealthModule } from './platform/health/health.module.js';
import { PartProbes } from './platform/health/part-probes.js';
import { StandbyWatch } from './platform/health/standby-watch.js';
import { HttpModule } from './platform/http/http.module.js';
import type { EventLog } from './platform/logging/event-log.js';
import { LoggingModule } from './platform/logging/logging.module.js';
import { LimitsModule } from './platform/limits/limits.module.js';
import { RateLimitEntity } from './platform/limits/rate-limit.entity.js';
import { MetricsModule } from './platform/metrics/metrics.module.js';
import { QueuesModule } from './platform/queues/queues.module.js';
import { SweepModule } from './sweep/sweep.module.js';
import { WALLET_LEDGER_ENTITIES } from './wallet-ledger/embedded/ledger.entities.js';
import { WalletLedgerModule } from './wallet-ledger/wallet-ledger.module.js';
import { Tracing } from './platform/tracing/tracing.js';
import { TracingModule } from './platform/tracing/tracing.module.js';

/** Every table of the service. */
export const ENTITIES = [
  ...PAYMENT_ORDER_ENTITIES,
  ...WALLET_LEDGER_ENTITIES,
  ...ACCESS_ENTITIES,
  ...CONTROL_ENTITIES,
  ...DATA_KEY_ENTITIES,
  RateLimitEntity,
];

/** The core writes its results through a port; the words on the wire are the Alipay+ adapter's. */
@Global()
@Module({
  providers: [{ provide: ResultMessageWriter, useValue: { write: writeNotifyPayment } }],
  exports: [ResultMessageWriter],
})
class ResultMessageModule {}

/** What an event says of a payment is what the payments door answers; a worker has the words without the door. */
@Global()
@Module({
  providers: [{ provide: EventViews, useValue: PAYMENT_EVENT_VIEWS }],
  exports: [EventViews],
})
class EventViewsModule {}

/** The platform does not know payers; here is what they notice when one of its parts is away. */
@Global()
@Module({
  providers: [{ provide: HealthMeanings, useValue: new HealthMeanings(HEALTH_MEANINGS) }],
  exports: [HealthMeanings],
})
class HealthMeaningsModule {}

/** The contents page: what stands below, then the modules in the order of a scan. */
@Module({})
export class AppModule {
  static forRole(settings: LoadedSettings, log: EventLog, tracing = Tracing.OFF): DynamicModule {
    const { role } = settings.get(RuntimeSettings);
    return {
      module: AppModule,
      imports: [
        settingsModule(settings),
        LoggingModule.forRoot(log),
        TracingModule.forRoot(tracing),
        DatabaseModule.forRoot(ENTITIES),
        ControlModule,
        QueuesModule,
        HttpModule,
        // A worker answers nobody but the probes.
        ...(role === 'worker' ? [] : [IssuedKeysModule, LimitsModule]),
        AuthModule,
        MetricsModule,
        HealthMeaningsModule,
        HealthModule,
        ClockModule,
        ResultMessageModule,
        EventViewsModule,
        PaymentOrderModule,
        AlipayPlusModule,
        WalletLedgerModule,
        ...doorsOf(role, settings),
        DecodeModule,
        DebitModule,
        NotifyModule,
        EventsModule,
        SweepModule,
      ],
      providers: [PartProbes, StandbyWatch, MoneyFigures],
    };
  }
}

/** A worker answers nobody but the probes. */
function doorsOf(role: Role, settings: LoadedSettings): (Type | DynamicModule)[] {
  const paths = settings.get(AlipayPlusSettings);
  if (role === 'worker') return [];
  const { isServed } = settings.get(ConsoleSettings);
  const console = isServed ? [ConsoleModule] : [];
  return [PaymentsModule, InboundModule.at(paths), OperationsModule, ...console];
}

function settingsModule(settings: LoadedSettings): DynamicModule {
  class SettingsModule {}
  const providers = [...settings.entries()].map(([section, instance]) => ({
    provide: section,
    useValue: instance,
  }));
  return {
    module: SettingsModule,
    global: true,
    providers,
    exports: providers.map(({ provide }) => provide),
  };
}
