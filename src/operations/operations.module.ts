import { Module } from '@nestjs/common';
import { PaymentOrderModule } from '../payment-order/payment-order.module.js';
import { OperationsController } from './operations.controller.js';
import { OperationsService } from './operations.service.js';
import { RedeliveryController } from './redelivery.controller.js';
import { RedeliveryService } from './redelivery.service.js';

@Module({
  imports: [PaymentOrderModule],
  controllers: [OperationsController, RedeliveryController],
  providers: [OperationsService, RedeliveryService],
})
export class OperationsModule {}
