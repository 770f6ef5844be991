import type { MigrationInterface, QueryRunner } from 'typeorm';

const BUDGET = `
  -- One row: the time from which Alipay+ may be asked again about an unknown scan. It is not a column of
  -- decode_pause: every new scan reads that row, and would have to skip all versions of a row that changes many times a
  -- second.
  create table decode_budget (
    budget_id smallint    not null,
    free_at   timestamptz not null,
    constraint decode_budget_pk primary key (budget_id),
    constraint decode_budget_single_ck check (budget_id = 1)
  );
  insert into decode_budget (budget_id, free_at) values (1, 'epoch');
`;

/** One rate for all processes together at which scans are decoded again. */
export class DecodeBudget1700000001100 implements MigrationInterface {
  readonly name = 'DecodeBudget1700000001100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(BUDGET);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index if exists scan_end_ix; drop table decode_budget;');
  }
}
