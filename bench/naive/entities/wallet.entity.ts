import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity()
export class Wallet {
  @PrimaryColumn('text')
  customerId!: string;

  @PrimaryColumn('text')
  currency!: string;

  @Column('numeric')
  balance!: string;
}
