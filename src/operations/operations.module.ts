import { Module } from '@nestjs/common';
import { PaymentOrderModule } from '../payment-order/payment-order.module.js';
import { OperationsController } from './operations.controller.js';
import { OperationsService } from './operations.service.js';
import { RedeliveryController } from './redelivery.controller.js';
import { RedeliveryService } from './redelivery.service.js';
import { PaymentSnapshots } from './snapshot/payment-snapshots.js';
import { PaymentViewController } from './view/payment-view.controller.js';
import { PaymentViewService } from './view/payment-view.service.js';

@Module({
  imports: [PaymentOrderModule],
  controllers: [OperationsController, RedeliveryController, PaymentViewController],
  providers: [OperationsService, RedeliveryService, PaymentSnapshots, PaymentViewService],
})
export class OperationsModule {}
