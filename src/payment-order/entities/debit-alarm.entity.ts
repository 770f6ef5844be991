import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { DebitAlarm } from '../debit-alarm.js';
import { DebitEntity } from './debit.entity.js';

/** An alarm that was raised because money is where it should not be; each once for a debit. */
@Entity('debit_alarm')
@Check('debit_alarm_ck', `alarm in ('REVERSAL_OVERDUE', 'CANCEL_MISSING')`)
@ForeignKey(() => DebitEntity, ['debitId'], ['debitId'], { name: 'debit_alarm_debit_fk' })
export class DebitAlarmEntity {
  @PrimaryColumn('uuid', { name: 'debit_id', primaryKeyConstraintName: 'debit_alarm_pk' })
  readonly debitId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'debit_alarm_pk' })
  readonly alarm!: DebitAlarm;

  @Column('timestamptz', { name: 'raised_at' })
  readonly raisedAt!: Date;
}
