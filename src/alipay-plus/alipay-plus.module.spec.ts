import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventLog } from '../platform/logging/event-log.js';
import { LoggingModule } from '../platform/logging/logging.module.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { AlipayPlusModule } from './alipay-plus.module.js';
import { AlipayPlusSettings } from './alipay-plus.settings.js';
import { AlipayPlusClient } from './calls/alipay-plus.client.js';
import { InboundSignature } from './signature/inbound-signature.js';
import { KeyFiles, newKeyPair } from './spec-support/key-files.js';
import { settingsWith } from './spec-support/settings-with.js';

describe('AlipayPlusModule', () => {
  it('is built by Nest from settings and log, and closes its sockets', async () => {
    const files = new KeyFiles();
    const settings = settingsWith({
      ALIPAYPLUS_BASE_URL: 'http://127.0.0.1:1',
      ALIPAYPLUS_PRIVATE_KEY_FILE: files.writePrivate('own.pem', newKeyPair()),
      ALIPAYPLUS_PUBLIC_KEY_FILES: `1=${files.writePublic('theirs.pem', newKeyPair())}`,
    });
    const log = new EventLog({ level: 'error' }, { write: () => undefined });
    const settingsModule = {
      module: class SettingsForSpec {},
      global: true,
      providers: [{ provide: AlipayPlusSettings, useValue: settings }, Metrics],
      exports: [AlipayPlusSettings, Metrics],
    };
    @Module({ imports: [settingsModule, LoggingModule.forRoot(log), AlipayPlusModule] })
    class AppForSpec {}

    const app = await NestFactory.createApplicationContext(AppForSpec, { logger: false });
    try {
      const exchange = await app.get(AlipayPlusClient).userInitiatedPay(Buffer.from('{}'));
      expect(exchange).toMatchObject({ outcome: 'unknown', reason: 'connection_refused' });
      expect(app.get(InboundSignature)).toBeInstanceOf(InboundSignature);
    } finally {
      await app.close();
      files.remove();
    }
  });
});
