import { Column, CreateDateColumn, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** Requests and answers, for disputes. */
@Entity()
export class Exchange {
  @PrimaryGeneratedColumn()
  id!: number;

  @Index()
  @Column('uuid')
  scanId!: string;

  @Column('int')
  httpStatus!: number;

  @Column('text')
  requestTime!: string;

  @Column('text')
  answer!: string;

  @CreateDateColumn({ type: 'timestamptz' })
  at!: Date;
}
