import type { MigrationInterface, QueryRunner } from 'typeorm';

const REST = `
  -- Rows that a sweeper took a moment ago; until then no other sweeper takes them. A table of its own: also a row
  -- that rejects every update can be set aside, and the rows that matter are not written only to be looked at.
  -- Unlogged, because nothing is lost with it: the next sweeper takes everything once more.
  create unlogged table sweep_rest (
    kind    text        not null,
    id      uuid        not null,
    until   timestamptz not null,
    told_at timestamptz,
    constraint sweep_rest_pk primary key (kind, id),
    constraint sweep_rest_kind_ck check (kind in ('decode', 'debit', 'notify', 'expiry', 'cancel'))
  );
  create index sweep_rest_until_ix on sweep_rest (until);
`;

/** Lets many sweepers share the rows that are due. */
export class Sweeping1700000000850 implements MigrationInterface {
  readonly name = 'Sweeping1700000000850';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REST);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table sweep_rest');
  }
}
