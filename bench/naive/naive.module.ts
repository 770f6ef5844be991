import { HttpModule } from '@nestjs/axios';
import { Module, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { CUSTOMERS } from '../compare/scenario.js';
import { setting } from '../floor/setting.js';
import { AlipayPlusService } from './alipay-plus.service.js';
import { ApiKeyGuard } from './api-key.guard.js';
import { AuditLog } from './entities/audit-log.entity.js';
import { Exchange } from './entities/exchange.entity.js';
import { Notification } from './entities/notification.entity.js';
import { Payment } from './entities/payment.entity.js';
import { Scan } from './entities/scan.entity.js';
import { Transfer } from './entities/transfer.entity.js';
import { Wallet } from './entities/wallet.entity.js';
import { NotifyQueue } from './notify-queue.js';
import { PaymentsController } from './payments.controller.js';
import { PaymentsService } from './payments.service.js';
import { ScansController } from './scans.controller.js';
import { ScansService } from './scans.service.js';
import { WalletService } from './wallet.service.js';

const ENTITIES = [AuditLog, Exchange, Notification, Payment, Scan, Transfer, Wallet];

@Module({
  imports: [
    HttpModule,
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: setting('DATABASE_URL'),
      entities: ENTITIES,
      synchronize: true,
      poolSize: Number(setting('DATABASE_POOL_SIZE')),
    }),
    TypeOrmModule.forFeature(ENTITIES),
  ],
  controllers: [ScansController, PaymentsController],
  providers: [
    AlipayPlusService,
    NotifyQueue,
    PaymentsService,
    ScansService,
    WalletService,
    { provide: APP_GUARD, useClass: ApiKeyGuard },
  ],
})
export class NaiveModule implements OnModuleInit {
  constructor(private readonly dataSource: DataSource) {}

  async onModuleInit(): Promise<void> {
    const wallets = CUSTOMERS.map((customerId) => ({
      customerId,
      currency: 'HKD',
      balance: '1000000000000',
    }));
    await this.dataSource.getRepository(Wallet).upsert(wallets, ['customerId', 'currency']);
  }
}
