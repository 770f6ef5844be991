import type { MigrationInterface, QueryRunner } from 'typeorm';

const NOTIFICATION = `
  -- Who requested the attempt that is due, if not the schedule; and the number of attempts before the schedule
  -- restarted.
  alter table notification add column requested_by text, add column schedule_from integer not null default 0;

  -- For operators: all notifications that are not delivered, by age.
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

/** Redelivery of notifications, and the alarms for those that stay undelivered. */
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
