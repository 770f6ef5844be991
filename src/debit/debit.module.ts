import { Module } from '@nestjs/common';
import { PaymentOrderModule } from '../payment-order/payment-order.module.js';
import { WalletLedgerModule } from '../wallet-ledger/wallet-ledger.module.js';
import { DebitService } from './debit.service.js';
import { DebitWork } from './debit.work.js';
import { ReversalService } from './reversal.service.js';

@Module({
  imports: [PaymentOrderModule, WalletLedgerModule],
  providers: [DebitService, ReversalService, DebitWork],
  exports: [DebitService, DebitWork],
})
export class DebitModule {}
