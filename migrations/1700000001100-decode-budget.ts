import type { MigrationInterface, QueryRunner } from 'typeorm';

const BUDGET = `
  -- One row: when Alipay+ may be asked again about something unknown. A table of its own, and not a column of the
  -- pause: every new scan reads the pause, and would read past whatever an old snapshot keeps of a row that changes
  -- many times a second.
  create table decode_budget (
    budget_id smallint    not null,
    free_at   timestamptz not null,
    constraint decode_budget_pk primary key (budget_id),
    constraint decode_budget_single_ck check (budget_id = 1)
  );
  insert into decode_budget (budget_id, free_at) values (1, 'epoch');
`;

/** Lets all processes together ask again about scans at one allowed rate. */
export class DecodeBudget1700000001100 implements MigrationInterface {
  readonly name = 'DecodeBudget1700000001100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(BUDGET);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index if exists scan_end_ix; drop table decode_budget;');
  }
}
