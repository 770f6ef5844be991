import { Column, CreateDateColumn, Entity, Index, PrimaryGeneratedColumn, UpdateDateColumn } from 'typeorm';

@Entity()
export class Scan {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Index()
  @Column('text')
  codeHash!: string;

  @Index()
  @Column('text')
  customerId!: string;

  @Column('text')
  requestBody!: string;

  @Column('text')
  status!: 'PENDING' | 'DECODED' | 'REJECTED';

  @Column('uuid', { nullable: true })
  paymentId!: string | null;

  @Column('int', { default: 0 })
  tries!: number;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updatedAt!: Date;
}
