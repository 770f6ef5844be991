import { ConflictException, Injectable, Logger, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, Repository } from 'typeorm';
import type { ConfirmPaymentDto } from './dto/confirm-payment.dto.js';
import { AuditLog } from './entities/audit-log.entity.js';
import { Notification } from './entities/notification.entity.js';
import { Payment } from './entities/payment.entity.js';
import { NotifyQueue } from './notify-queue.js';
import { paymentView } from './payment.view.js';
import { WalletService } from './wallet.service.js';

@Injectable()
export class PaymentsService {
  private readonly logger = new Logger(PaymentsService.name);

  constructor(
    @InjectRepository(Payment) private readonly payments: Repository<Payment>,
    private readonly dataSource: DataSource,
    private readonly wallet: WalletService,
    private readonly queue: NotifyQueue,
  ) {}

  async confirm(id: string, { payAmount }: ConfirmPaymentDto): Promise<object> {
    const payment = await this.payments.findOneBy({ id });
    if (!payment) throw new NotFoundException();
    if (payment.status === 'PAID') return paymentView(payment);
    if (payment.status !== 'AWAITING_CONFIRMATION') throw new ConflictException('Not payable');
    if (payment.expiresAt <= new Date()) throw new ConflictException('Order expired');
    if (payAmount.currency !== payment.payToCurrency || payAmount.value !== payment.payToValue) {
      throw new ConflictException('Amount changed');
    }
    await this.move(payment, 'DEBITING', 'CONFIRMED');
    await this.wallet.debit(payment);
    payment.paymentTime = new Date().toISOString();
    await this.move(payment, 'PAID', 'DEBITED', notificationOf(payment));
    await this.queue.add(payment.id);
    this.logger.log(`Payment ${payment.id} paid`);
    return { ...paymentView(payment), notification: { status: 'PENDING' } };
  }

  private async move(
    payment: Payment,
    status: Payment['status'],
    event: string,
    notification?: Partial<Notification>,
  ): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      payment.status = status;
      await manager.save(payment);
      await manager.save(manager.create(AuditLog, { paymentId: payment.id, event }));
      if (notification) await manager.save(manager.create(Notification, notification));
    });
  }
}

function notificationOf(payment: Payment): Partial<Notification> {
  const body = JSON.stringify({
    paymentResult: { resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'success' },
    paymentRequestId: payment.paymentRequestId,
    paymentId: payment.id,
    paymentTime: payment.paymentTime,
    paymentAmount: { currency: payment.paymentCurrency, value: payment.paymentValue },
    payToAmount: { currency: payment.payToCurrency, value: payment.payToValue },
    customerId: payment.customerId,
  });
  return { paymentId: payment.id, url: payment.notifyUrl, body, status: 'PENDING' };
}
