import { Module } from '@nestjs/common';
import { AlipayPlusModule } from '../alipay-plus/alipay-plus.module.js';
import { AlipayPlusSettings } from '../alipay-plus/alipay-plus.settings.js';
import { urlRulesOf } from '../alipay-plus/calls/notify-url.js';
import { PaymentOrderModule } from '../payment-order/payment-order.module.js';
import { RuntimeSettings } from '../platform/config/runtime.settings.js';
import { AttemptRecorder } from './attempt.recorder.js';
import { NotificationSender } from './notification.sender.js';
import { NotificationWatch } from './notification-watch.js';
import { NotifierService } from './notifier.service.js';
import { NotifyFigures } from './notify-figures.js';
import { NotifyPolicy } from './notify-policy.js';
import { NotifySettings } from './notify.settings.js';

@Module({
  imports: [AlipayPlusModule, PaymentOrderModule],
  providers: [
    NotifierService,
    NotificationSender,
    AttemptRecorder,
    NotificationWatch,
    NotifyFigures,
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
