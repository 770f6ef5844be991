import { Column, CreateDateColumn, Entity, Index, PrimaryGeneratedColumn, UpdateDateColumn } from 'typeorm';
import type { Order } from '../user-initiated-pay-response.js';

@Entity()
export class Payment {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Index({ unique: true })
  @Column('text')
  paymentRequestId!: string;

  @Index()
  @Column('text')
  customerId!: string;

  @Column('text')
  status!: 'AWAITING_CONFIRMATION' | 'DEBITING' | 'PAID' | 'FAILED';

  @Column('text', { nullable: true })
  acquirerId!: string | null;

  @Column('text', { nullable: true })
  pspId!: string | null;

  @Column('text')
  paymentCurrency!: string;

  @Column('numeric')
  paymentValue!: string;

  @Column('text')
  payToCurrency!: string;

  @Column('numeric')
  payToValue!: string;

  @Column('text', { nullable: true })
  quoteId!: string | null;

  @Column('timestamptz')
  expiresAt!: Date;

  @Column('text')
  notifyUrl!: string;

  @Column('jsonb')
  order!: Order;

  @Column('jsonb', { nullable: true })
  paymentQuote!: { quoteCurrencyPair: string; quotePrice: string } | null;

  @Column('jsonb')
  promotions!: object[];

  @Column('text', { nullable: true })
  paymentTime!: string | null;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updatedAt!: Date;
}
