import { Column, CreateDateColumn, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
export class AuditLog {
  @PrimaryGeneratedColumn()
  id!: number;

  @Index()
  @Column('uuid')
  paymentId!: string;

  @Column('text')
  event!: string;

  @CreateDateColumn({ type: 'timestamptz' })
  at!: Date;
}
