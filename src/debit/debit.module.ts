import { Module } from '@nestjs/common';
import { PaymentOrderModule } from '../payment-order/payment-order.module.js';
import { WalletLedgerModule } from '../wallet-ledger/wallet-ledger.module.js';
import { DebitService } from './debit.service.js';
import { DebitWork } from './debit.work.js';
import { LostOrderService } from './lost-order.service.js';
import { RefundService } from './refund.service.js';
import { ReversalService } from './reversal.service.js';

@Module({
  imports: [PaymentOrderModule, WalletLedgerModule],
  providers: [DebitService, LostOrderService, ReversalService, RefundService, DebitWork],
  exports: [DebitService, LostOrderService, RefundService, DebitWork],
})
export class DebitModule {}
