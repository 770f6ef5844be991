import type { MigrationInterface, QueryRunner } from 'typeorm';

const WINDOW = `
  -- By when money taken at this time has to be given back: 00:30 at UTC+8 on the following day, when Alipay+ closes
  -- its day (protocol notes, clocks).
  create function reversal_end(debited timestamptz) returns timestamptz language sql immutable parallel safe
    as $$ select (date_trunc('day', debited at time zone interval '+08:00') + interval '1 day 30 minutes')
      at time zone interval '+08:00' $$;
`;

const ALARM = `
  -- Each of these alarms once for a debit, however many workers see it.
  create table debit_alarm (
    debit_id  uuid        not null,
    alarm     text        not null,
    raised_at timestamptz not null,
    constraint debit_alarm_pk primary key (debit_id, alarm),
    constraint debit_alarm_debit_fk foreign key (debit_id) references debit (debit_id),
    constraint debit_alarm_ck check (alarm in ('REVERSAL_OVERDUE', 'CANCEL_MISSING'))
  );
`;

/** The deadline for giving money back, and the alarms for debits that miss it. */
export class ReversalWindow1700000001000 implements MigrationInterface {
  readonly name = 'ReversalWindow1700000001000';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [WINDOW, ALARM]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table debit_alarm; drop function reversal_end(timestamptz);');
  }
}
