import { Column, CreateDateColumn, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
export class Transfer {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  /** One debit of a payment, however often it is repeated. */
  @Index({ unique: true })
  @Column('uuid')
  paymentId!: string;

  @Column('text')
  customerId!: string;

  @Column('text')
  currency!: string;

  @Column('numeric')
  value!: string;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;
}
