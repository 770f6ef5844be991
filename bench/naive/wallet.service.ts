import { Injectable, UnprocessableEntityException } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Payment } from './entities/payment.entity.js';
import { Transfer } from './entities/transfer.entity.js';
import { Wallet } from './entities/wallet.entity.js';

@Injectable()
export class WalletService {
  constructor(private readonly dataSource: DataSource) {}

  async debit(payment: Payment): Promise<Transfer> {
    return this.dataSource.transaction(async (manager) => {
      const wallet = await manager.findOne(Wallet, {
        where: { customerId: payment.customerId, currency: payment.payToCurrency },
        lock: { mode: 'pessimistic_write' },
      });
      if (!wallet || BigInt(wallet.balance) < BigInt(payment.payToValue)) {
        throw new UnprocessableEntityException('Insufficient balance');
      }
      wallet.balance = (BigInt(wallet.balance) - BigInt(payment.payToValue)).toString();
      await manager.save(wallet);
      return manager.save(
        manager.create(Transfer, {
          paymentId: payment.id,
          customerId: payment.customerId,
          currency: payment.payToCurrency,
          value: payment.payToValue,
        }),
      );
    });
  }
}
