import type { MigrationInterface, QueryRunner } from 'typeorm';

const PROOFS = `
  -- The proofs a payer gave with the confirmation, such as a one-time password: kept until the ledger has answered,
  -- because a repetition must be the same call. Afterwards only their digest is left, in the history.
  alter table debit add column proofs jsonb;

  create function debit_proofs_gone() returns trigger language plpgsql as $$
  begin
    new.proofs := null;
    return new;
  end $$;
  create trigger debit_proofs_gone_tr before update of status on debit for each row
    when (old.proofs is not null and new.status not in ('INTENDED', 'IN_DOUBT'))
    execute function debit_proofs_gone();

  -- Of the given proofs, those that an order with this content asks for.
  create function proofs_asked(content jsonb, given jsonb) returns jsonb language sql immutable parallel safe as $$
    select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(given)
    where coalesce(content #> '{requirements,proofs}', '[]') ? key
  $$;
`;

/** Proofs that the wallet met the requirements of an order. */
export class Proofs1700000001210 implements MigrationInterface {
  readonly name = 'Proofs1700000001210';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PROOFS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function proofs_asked(jsonb, jsonb);
      drop trigger debit_proofs_gone_tr on debit;
      drop function debit_proofs_gone();
      alter table debit drop column proofs;
    `);
  }
}
