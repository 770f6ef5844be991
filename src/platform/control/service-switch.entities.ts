import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { IdentityKey } from '../database/columns.js';

/** What an operator has ordered of all processes, as it stands. */
@Entity('service_switch')
@Check('service_switch_reason_ck', `char_length(reason) between 1 and 200`)
export class ServiceSwitchEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'service_switch_pk' })
  readonly name!: string;

  @Column('text')
  readonly value!: string;

  @Column('timestamptz', { name: 'set_at' })
  readonly setAt!: Date;

  @Column('text', { name: 'set_by' })
  readonly setBy!: string;

  @Column('text')
  readonly reason!: string;
}

/** Every change of a switch, append-only. */
@Entity('service_switch_change')
@Check('service_switch_change_reason_ck', `char_length(reason) between 1 and 200`)
class ServiceSwitchChangeEntity {
  @IdentityKey('service_switch_change', 'change_id')
  readonly changeId!: string;

  @Column('timestamptz')
  readonly at!: Date;

  @Column('text')
  readonly name!: string;

  @Column('text')
  readonly value!: string;

  @Column('text')
  readonly actor!: string;

  @Column('text')
  readonly application!: string;

  @Column('text')
  readonly address!: string;

  @Column('text')
  readonly reason!: string;
}

export const CONTROL_ENTITIES = [ServiceSwitchEntity, ServiceSwitchChangeEntity];
