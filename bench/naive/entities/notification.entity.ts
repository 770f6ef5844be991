import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity()
export class Notification {
  @PrimaryColumn('uuid')
  paymentId!: string;

  @Column('text')
  url!: string;

  @Column('text')
  body!: string;

  @Index()
  @Column('text')
  status!: 'PENDING' | 'DELIVERED';

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;
}
