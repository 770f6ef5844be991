import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The counters of the current minute, in the form that rate-limiter-flexible reads; losing them costs nothing. */
@Entity('rate_limit')
export class RateLimitEntity {
  @PrimaryColumn('varchar', { length: 255, primaryKeyConstraintName: 'rate_limit_pk' })
  readonly key!: string;

  @Column('integer', { default: 0 })
  readonly points!: number;

  @Column('bigint', { nullable: true })
  readonly expire!: string | null;
}
