import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who had what erased, who paused what, and which records were repaired by whom. */
const RIGHTS = `
  do $$ begin
    if exists (select from pg_roles where rolname = 'mpp_run') then
      revoke update, delete, truncate on customer_erasure, service_switch_change from mpp_run;
      revoke delete, truncate on repaired_debit from mpp_run;
    end if;
  end $$;
`;

/** The role that runs the service (docs/roles.sql) may add to what operators did to all of it, and not take from it. */
export class WrittenOnce1700000003140 implements MigrationInterface {
  readonly name = 'WrittenOnce1700000003140';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(RIGHTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      do $$ begin
        if exists (select from pg_roles where rolname = 'mpp_run') then
          grant update, delete on customer_erasure, service_switch_change to mpp_run;
          grant delete on repaired_debit to mpp_run;
        end if;
      end $$;
    `);
  }
}
