import { createHash } from 'node:crypto';
import { ConflictException, Injectable, Logger, UnprocessableEntityException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, Repository } from 'typeorm';
import { AlipayPlusService, type AlipayPlusAnswer } from './alipay-plus.service.js';
import type { CreateScanDto } from './dto/create-scan.dto.js';
import { AuditLog } from './entities/audit-log.entity.js';
import { Exchange } from './entities/exchange.entity.js';
import { Payment } from './entities/payment.entity.js';
import { Scan } from './entities/scan.entity.js';
import { paymentView } from './payment.view.js';

@Injectable()
export class ScansService {
  private readonly logger = new Logger(ScansService.name);

  constructor(
    @InjectRepository(Scan) private readonly scans: Repository<Scan>,
    @InjectRepository(Payment) private readonly payments: Repository<Payment>,
    private readonly dataSource: DataSource,
    private readonly alipayPlus: AlipayPlusService,
  ) {}

  async create(dto: CreateScanDto): Promise<object> {
    const codeHash = createHash('sha256').update(dto.codeValue).digest('hex');
    const standing = await this.scans.findOne({ where: { codeHash }, order: { createdAt: 'DESC' } });
    if (standing?.status === 'PENDING') throw new ConflictException('This code is being decoded');
    if (standing?.paymentId) return this.read(standing);
    const requestBody = JSON.stringify(dto);
    const scan = await this.scans.save(
      this.scans.create({ codeHash, customerId: dto.customerId, requestBody, status: 'PENDING' }),
    );
    const answer = await this.alipayPlus.userInitiatedPay(requestBody);
    if (answer.body.result?.resultStatus !== 'S') throw new UnprocessableEntityException('Not decoded');
    const payment = await this.keep(scan, answer);
    this.logger.log(`Scan ${scan.id} decoded as payment ${payment.id}`);
    return { scanId: scan.id, status: scan.status, payment: paymentView(payment) };
  }

  private keep(scan: Scan, { body, status, requestTime, text }: AlipayPlusAnswer): Promise<Payment> {
    return this.dataSource.transaction(async (manager) => {
      const payment = await manager.save(
        manager.create(Payment, {
          paymentRequestId: body.paymentRequestId,
          customerId: scan.customerId,
          status: 'AWAITING_CONFIRMATION',
          acquirerId: body.acquirerId ?? null,
          pspId: body.pspId ?? null,
          paymentCurrency: body.paymentAmount.currency,
          paymentValue: body.paymentAmount.value,
          payToCurrency: body.payToAmount.currency,
          payToValue: body.payToAmount.value,
          quoteId: body.paymentQuote?.quoteId ?? null,
          expiresAt: new Date(body.paymentExpiryTime),
          notifyUrl: body.paymentNotifyUrl,
          order: body.order,
          paymentQuote: body.paymentQuote ?? null,
          promotions: body.paymentPromoInfo?.paymentPromoDetails ?? [],
        }),
      );
      scan.status = 'DECODED';
      scan.paymentId = payment.id;
      scan.tries += 1;
      await manager.save(scan);
      await manager.save(
        manager.create(Exchange, { scanId: scan.id, httpStatus: status, requestTime, answer: text }),
      );
      await manager.save(manager.create(AuditLog, { paymentId: payment.id, event: 'DECODED' }));
      return payment;
    });
  }

  private async read(scan: Scan): Promise<object> {
    const payment = await this.payments.findOneByOrFail({ id: scan.paymentId ?? '' });
    return { scanId: scan.id, status: scan.status, payment: paymentView(payment) };
  }
}
