import { Module } from '@nestjs/common';
import { PostTransport } from '../platform/outbound/post-transport.js';
import { AlipayPlusSettings } from './alipay-plus.settings.js';
import { AlipayPlusClient } from './calls/alipay-plus.client.js';
import { CallFigures } from './calls/call-figures.js';
import { SetupAlarm } from './calls/setup-alarm.js';
import { AlipayPlusKeys } from './signature/alipay-plus-keys.js';
import { KeyReloads } from './signature/key-reloads.js';
import { InboundSignature } from './signature/inbound-signature.js';
import { MessageSignature } from './signature/message-signature.js';

/** Everything that speaks the protocol of Alipay+. Settings and log come from the application. */
@Module({
  providers: [
    AlipayPlusClient,
    {
      provide: PostTransport,
      inject: [AlipayPlusSettings],
      useFactory: ({ proxyUrl }: AlipayPlusSettings) => new PostTransport(proxyUrl),
    },
    AlipayPlusKeys,
    KeyReloads,
    MessageSignature,
    InboundSignature,
    SetupAlarm,
    CallFigures,
  ],
  exports: [AlipayPlusClient, InboundSignature, KeyReloads, SetupAlarm],
})
export class AlipayPlusModule {}
