import { Module } from '@nestjs/common';
import { AlipayPlusModule } from '../alipay-plus/alipay-plus.module.js';
import { AlipayPlusSettings } from '../alipay-plus/alipay-plus.settings.js';
import { urlRulesOf } from '../alipay-plus/calls/notify-url.js';
import { PaymentOrderModule } from '../payment-order/payment-order.module.js';
import { RuntimeSettings } from '../platform/config/runtime.settings.js';
import { DecodeFigures } from './decode-figures.js';
import { DecodeLine } from './decode-line.js';
import { DecodeOutcome } from './decode-outcome.js';
import { FirstSeenCodes } from './first-seen-codes.js';
import { DecodePolicy } from './decode-policy.js';
import { DecodeService } from './decode.service.js';
import { DecodeSettings } from './decode.settings.js';

/** The address results go to when an answer names none. */
const DEFAULT_NOTIFY_PATH = '/aps/api/v1/payments/notifyPayment';

@Module({
  imports: [AlipayPlusModule, PaymentOrderModule],
  providers: [
    DecodeService,
    DecodeOutcome,
    DecodeLine,
    DecodeFigures,
    FirstSeenCodes,
    {
      provide: DecodePolicy,
      inject: [DecodeSettings, AlipayPlusSettings, RuntimeSettings],
      useFactory: policyOf,
    },
  ],
  exports: [DecodeService, DecodePolicy, DecodeFigures],
})
export class DecodeModule {}

function policyOf(
  decode: DecodeSettings,
  alipayPlus: AlipayPlusSettings,
  runtime: RuntimeSettings,
): DecodePolicy {
  const { windowMs, retryBaseMs, retryMaxMs, retryRate, stopMs, supportedFlags, amountCheck } = decode;
  const notifyUrl = `${alipayPlus.baseUrl ?? ''}${DEFAULT_NOTIFY_PATH}`;
  const retry = { baseMs: retryBaseMs, maxMs: retryMaxMs };
  const notifyUrls = urlRulesOf(alipayPlus, runtime);
  const rules = { notifyUrl, notifyUrls, supportedFlags, amountCheck };
  return new DecodePolicy({ windowMs, retry, rules, retryRate, stopMs, callMs: alipayPlus.timeoutMs });
}
