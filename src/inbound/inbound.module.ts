import { type DynamicModule, Module } from '@nestjs/common';
import { AlipayPlusModule } from '../alipay-plus/alipay-plus.module.js';
import { DebitModule } from '../debit/debit.module.js';
import { PaymentOrderModule } from '../payment-order/payment-order.module.js';
import { Freshness } from './freshness.js';
import { inboundControllerAt, type InboundPaths } from './inbound.controller.js';
import { InboundDoor } from './inbound.door.js';
import { InboundRefunds } from './inbound.refunds.js';
import { InboundRefusals } from './inbound.refusals.js';
import { RefusalAnswers } from './refusal-answers.js';
import { InboundService } from './inbound.service.js';

@Module({})
export class InboundModule {
  static at(paths: InboundPaths): DynamicModule {
    return {
      module: InboundModule,
      imports: [AlipayPlusModule, PaymentOrderModule, DebitModule],
      controllers: [inboundControllerAt(paths)],
      providers: [RefusalAnswers, InboundDoor, InboundService, InboundRefunds, InboundRefusals, Freshness],
    };
  }
}
