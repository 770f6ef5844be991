import { Column } from 'typeorm';

/** The columns of a row that a worker claims when it is due, and that is tried until it ends. */
export abstract class DueRow {
  @Column('integer', { default: 0 })
  readonly tries!: number;

  @Column('timestamptz', { name: 'next_attempt_at', nullable: true })
  readonly nextAttemptAt!: Date | null;

  @Column('timestamptz', { name: 'lease_until', nullable: true })
  readonly leaseUntil!: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  readonly updatedAt!: Date;
}

/** The columns of what is sent to a receiver again and again: a notification, or an event for one endpoint. */
export abstract class DeliveredRow extends DueRow {
  @Column('timestamptz', { name: 'gives_up_at' })
  readonly givesUpAt!: Date;

  /** The attempt at which the schedule started again, because an operator asked for it. */
  @Column('integer', { name: 'schedule_from', default: 0 })
  readonly scheduleFrom!: number;

  @Column('text', { name: 'last_outcome', nullable: true })
  readonly lastOutcome!: string | null;

  @Column('text', { name: 'requested_by', nullable: true })
  readonly requestedBy!: string | null;

  @Column('timestamptz', { name: 'delivered_at', nullable: true })
  readonly deliveredAt!: Date | null;
}
