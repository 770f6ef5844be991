import { Check, Column, Entity } from 'typeorm';
import { IdentityKey } from '../../platform/database/columns.js';
import type { CustomerId } from '../order/ids.js';

/** That a customer's personal data was erased, who did it and why; append-only. */
@Entity('customer_erasure')
@Check('customer_erasure_reason_ck', `char_length(reason) between 1 and 200`)
export class CustomerErasureEntity {
  @IdentityKey('customer_erasure', 'erasure_id')
  readonly erasureId!: string;

  @Column('text', { name: 'customer_id' })
  readonly customerId!: CustomerId;

  @Column('timestamptz')
  readonly at!: Date;

  @Column('text')
  readonly actor!: string;

  @Column('text')
  readonly reason!: string;
}
