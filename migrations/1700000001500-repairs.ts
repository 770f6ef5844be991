import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = `
  -- A debit of the ledger that none of our records has, and that a repair gives back: written before the ledger is
  -- called.
  create table repaired_debit (
    key                text        not null,
    payment_request_id text        not null,
    rule               text        not null,
    actor              text        not null,
    reason             text        not null,
    wanted_at          timestamptz not null,
    done_at            timestamptz,
    ledger_reference   text,
    constraint repaired_debit_pk primary key (key),
    constraint repaired_debit_key_ck check (char_length(key) between 1 and 128),
    constraint repaired_debit_done_ck check ((done_at is null) = (ledger_reference is null))
  );
  create index repaired_debit_left_ix on repaired_debit (wanted_at) where done_at is null;
`;

/** The debits that `npm run repair` gives back after records were lost. */
export class Repairs1700000001500 implements MigrationInterface {
  readonly name = 'Repairs1700000001500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table repaired_debit');
  }
}
