import { Module } from '@nestjs/common';
import { AlipayPlusClient } from './calls/alipay-plus.client.js';
import { AlipayPlusTransport } from './calls/alipay-plus.transport.js';
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
    AlipayPlusTransport,
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
