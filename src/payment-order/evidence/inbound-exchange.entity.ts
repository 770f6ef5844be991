import { Check, Column, Entity, Index } from 'typeorm';
import { IdentityKey } from '../../platform/database/columns.js';
import type { PaymentRequestId } from '../order/ids.js';

/** One call of Alipay+ to us and our answer, byte for byte. */
@Entity('inbound_exchange')
@Check('inbound_exchange_api_ck', `api in ('inquiryPayment', 'cancelPayment', 'refund', 'inquiryRefund')`)
@Index('inbound_exchange_order_ix', ['paymentRequestId', 'exchangeId'])
export class InboundExchangeEntity {
  @IdentityKey('inbound_exchange', 'exchange_id')
  readonly exchangeId!: string;

  @Column('text')
  readonly api!: string;

  @Column('text', { name: 'payment_request_id', nullable: true })
  readonly paymentRequestId!: PaymentRequestId | null;

  @Column('timestamptz', { name: 'received_at' })
  readonly receivedAt!: Date;

  @Column('text', { name: 'request_time', nullable: true })
  readonly requestTime!: string | null;

  @Column('bytea')
  readonly request!: Buffer;

  @Column('bytea')
  readonly answer!: Buffer;

  @Column('char', { name: 'result_status', length: 1 })
  readonly resultStatus!: string;

  @Column('text', { name: 'result_code' })
  readonly resultCode!: string;

  @Column('char', { name: 'payment_status', length: 1, nullable: true })
  readonly paymentStatus!: string | null;

  @Column('text', { name: 'payment_code', nullable: true })
  readonly paymentCode!: string | null;
}
