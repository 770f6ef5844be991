import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { PaymentRequestId } from '../order/ids.js';

/** An id that Alipay+ cancelled, whether we had seen it or not. */
@Entity('cancel_request')
@Check('cancel_request_id_ck', `char_length(payment_request_id) between 1 and 64`)
export class CancelRequestEntity {
  @PrimaryColumn('text', { name: 'payment_request_id', primaryKeyConstraintName: 'cancel_request_pk' })
  readonly paymentRequestId!: PaymentRequestId;

  @Column('text', { name: 'acquirer_id', nullable: true })
  readonly acquirerId!: string | null;

  @Column('text', { name: 'psp_id', nullable: true })
  readonly pspId!: string | null;

  @Column('timestamptz', { name: 'received_at' })
  readonly receivedAt!: Date;
}
