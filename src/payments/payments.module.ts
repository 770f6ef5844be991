import { Module } from '@nestjs/common';
import { DebitModule } from '../debit/debit.module.js';
import { DecodeModule } from '../decode/decode.module.js';
import { PaymentOrderModule } from '../payment-order/payment-order.module.js';
import { PaymentsController } from './payment/payments.controller.js';
import { PaymentsService } from './payment/payments.service.js';
import { ScansController } from './scans/scans.controller.js';
import { ScansService } from './scans/scans.service.js';

@Module({
  imports: [PaymentOrderModule, DecodeModule, DebitModule],
  controllers: [ScansController, PaymentsController],
  providers: [ScansService, PaymentsService],
})
export class PaymentsModule {}
