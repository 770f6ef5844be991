import type { MigrationInterface, QueryRunner } from 'typeorm';

const REST = `
  -- What a sweeper took in hand a moment ago; until then no other one takes it. A table of its own: a row that refuses
  -- every change is left alone all the same, and the rows that matter are not written only to be looked at. Without a
  -- log, because nothing is lost with it: whoever looks next takes everything once more.
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

/** Lets many sweepers share what is due. */
export class Sweeping1700000000850 implements MigrationInterface {
  readonly name = 'Sweeping1700000000850';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REST);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table sweep_rest');
  }
}
