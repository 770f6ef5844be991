import type { MigrationInterface, QueryRunner } from 'typeorm';

const NOTIFICATION = `
  -- Who asked for the try that is due, when it was not the schedule; and the tries made before the schedule began anew.
  alter table notification add column requested_by text, add column schedule_from integer not null default 0;

  -- What operators look through: everything that is not delivered, by age.
  create index notification_undelivered_ix on notification (status, created_at) where status <> 'DELIVERED';
`;

const ALARM = `
  -- Each threshold alarms once for a notification, however many workers see it passed.
  create table notification_alarm (
    payment_id uuid        not null,
    threshold  text        not null,
    raised_at  timestamptz not null,
    constraint notification_alarm_pk primary key (payment_id, threshold),
    constraint notification_alarm_payment_fk foreign key (payment_id) references notification (payment_id)
  );
`;

/** Asking for a notification again, and the alarms of those that stay undelivered. */
export class Redelivery1700000000400 implements MigrationInterface {
  readonly name = 'Redelivery1700000000400';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [NOTIFICATION, ALARM]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table notification_alarm;
      drop index notification_undelivered_ix;
      alter table notification drop column requested_by, drop column schedule_from;
    `);
  }
}
