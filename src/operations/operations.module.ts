import { Module } from '@nestjs/common';
import { PaymentOrderModule } from '../payment-order/payment-order.module.js';
import { RedeliveryController } from './redelivery.controller.js';
import { RedeliveryService } from './redelivery.service.js';
import { SearchController } from './search.controller.js';
import { SearchService } from './search/search.service.js';
import { PaymentSnapshots } from './snapshot/payment-snapshots.js';
import { PaymentViewController } from './view/payment-view.controller.js';
import { PaymentViewService } from './view/payment-view.service.js';

@Module({
  imports: [PaymentOrderModule],
  controllers: [SearchController, RedeliveryController, PaymentViewController],
  providers: [SearchService, RedeliveryService, PaymentSnapshots, PaymentViewService],
})
export class OperationsModule {}
