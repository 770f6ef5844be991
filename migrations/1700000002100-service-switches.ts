import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Switches that operators set for all processes: a paused queue, keys to be read again. */
export class ServiceSwitches1700000002100 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table service_switch (
        name   text        not null,
        value  text        not null,
        set_at timestamptz not null,
        set_by text        not null,
        reason text        not null,
        constraint service_switch_pk primary key (name),
        constraint service_switch_reason_ck check (char_length(reason) between 1 and 200)
      );
      -- Every change with who, from where and why.
      create table service_switch_change (
        change_id   bigint generated always as identity,
        at          timestamptz not null,
        name        text        not null,
        value       text        not null,
        actor       text        not null,
        application text        not null,
        address     text        not null,
        reason      text        not null,
        constraint service_switch_change_pk primary key (change_id),
        constraint service_switch_change_reason_ck check (char_length(reason) between 1 and 200)
      );
      create trigger service_switch_change_append_only_tr before update or delete on service_switch_change
        for each row execute function refuse_change();
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table service_switch_change, service_switch');
  }
}
