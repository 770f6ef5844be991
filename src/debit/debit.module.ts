import { Module } from '@nestjs/common';
import { PaymentOrderModule } from '../payment-order/payment-order.module.js';
import { WalletLedgerModule } from '../wallet-ledger/wallet-ledger.module.js';
import { DebitService } from './debit.service.js';
import { DebitWork } from './debit.work.js';
import { RefundService } from './refund.service.js';
import { ReversalService } from './reversal.service.js';

@Module({
  imports: [PaymentOrderModule, WalletLedgerModule],
  providers: [DebitService, ReversalService, RefundService, DebitWork],
  exports: [DebitService, RefundService, DebitWork],
})
export class DebitModule {}
