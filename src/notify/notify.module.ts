import { Module } from '@nestjs/common';
import { AlipayPlusModule } from '../alipay-plus/alipay-plus.module.js';
import { AlipayPlusSettings } from '../alipay-plus/alipay-plus.settings.js';
import { urlRulesOf } from '../alipay-plus/calls/notify-url.js';
import { PaymentOrderModule } from '../payment-order/payment-order.module.js';
import { RuntimeSettings } from '../platform/config/runtime.settings.js';
import { AttemptRecorder } from './attempt.recorder.js';
import { CallSlots } from './call-slots.js';
import { HostLanes } from './host-lanes.js';
import { NotificationAttempt } from './notification-attempt.js';
import { NotificationClaimer } from './notification.claimer.js';
import { NotificationDispatcher } from './notification.dispatcher.js';
import { NotificationSender } from './notification.sender.js';
import { NotificationWatch } from './notification-watch.js';
import { NotificationsInHand } from './notifications-in-hand.js';
import { NotifierService } from './notifier.service.js';
import { NotifyFigures } from './notify-figures.js';
import { NotifyPolicy } from './notify-policy.js';
import { NotifySettings } from './notify.settings.js';

@Module({
  imports: [AlipayPlusModule, PaymentOrderModule],
  providers: [
    NotifierService,
    NotificationDispatcher,
    NotificationClaimer,
    NotificationAttempt,
    NotificationSender,
    AttemptRecorder,
    NotificationWatch,
    NotifyFigures,
    HostLanes,
    NotificationsInHand,
    {
      provide: CallSlots,
      inject: [NotifyPolicy],
      useFactory: ({ concurrency, lane }: NotifyPolicy) =>
        new CallSlots({ concurrency, reserve: lane.reserve }),
    },
    {
      provide: NotifyPolicy,
      inject: [NotifySettings, AlipayPlusSettings, RuntimeSettings],
      useFactory: (notify: NotifySettings, alipayPlus: AlipayPlusSettings, runtime: RuntimeSettings) =>
        new NotifyPolicy({
          scheduleMs: notify.scheduleMs.map(Number),
          jitter: notify.jitterPercent / 100,
          concurrency: notify.concurrency,
          callMs: alipayPlus.notifyTimeoutMs,
          urls: urlRulesOf(alipayPlus, runtime),
          lane: {
            concurrency: notify.hostConcurrency,
            window: notify.breakerWindow,
            failures: notify.breakerFailures,
            openMs: notify.breakerOpenMs,
          },
        }),
    },
  ],
  exports: [NotifierService],
})
export class NotifyModule {}
